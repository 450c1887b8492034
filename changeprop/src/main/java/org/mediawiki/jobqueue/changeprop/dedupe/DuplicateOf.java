package org.mediawiki.jobqueue.changeprop.dedupe;

public enum DuplicateOf {
    ID,
    SHA1,
    ROOT
}
