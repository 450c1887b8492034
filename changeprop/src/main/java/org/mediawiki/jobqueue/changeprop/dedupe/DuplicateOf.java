package org.mediawiki.jobqueue.changeprop.dedupe;

/** What a duplicate repeats; a closed set, for a label of the metrics. */
public enum DuplicateOf {
    /** The very same event has been done: {@code meta.id}. */
    ID,
    /** A job with the same {@code sha1} has been done that started after this one was created. */
    SHA1,
    /** A job with the same {@code sha1} has been done that started after this one's root event happened. */
    ROOT_OF_SHA1,
    /** A leaf of a newer root event with the same signature has been done. */
    ROOT
}
