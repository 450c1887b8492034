package org.mediawiki.jobqueue.changeprop.dedupe;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.mediawiki.jobqueue.changeprop.event.JobEvent;

/**
 * Under which keys a job is remembered: the legacy service's own ({@code sys/deduplicator.js}). A key is empty where the
 * event lacks what it is made of; then its rule does not apply.
 *
 * @param id {@code CPJQ_dedupe_<name>_<domain>_<meta.id>}
 * @param sha1 {@code CPJQ_dedupe_<name>_<domain>_<sha1>}
 * @param root {@code CPJQ_dedupe_<name>_<root_event.signature>}
 */
record DedupeKeys(Optional<String> id, Optional<String> sha1, Optional<String> root) {

    private static final String PREFIX = "CPJQ_dedupe_";
    private static final String JOB_STREAM = "mediawiki.job.";

    /** What the legacy service's template prints for a domain that is not there. */
    private static final String NO_DOMAIN = "undefined";

    static DedupeKeys of(JobEvent job, String rule, String stream) {
        String name = PREFIX + name(rule, stream) + "_";
        String ofDomain = name + (job.domain().isEmpty() ? NO_DOMAIN : job.domain()) + "_";
        return new DedupeKeys(
                key(ofDomain, job.id()),
                job.sha1().flatMap(sha1 -> key(ofDomain, sha1)),
                job.root().flatMap(root -> key(name, root.signature())));
    }

    /** Those that there are: id, sha1, root. */
    List<String> all() {
        return Stream.of(id, sha1, root).flatMap(Optional::stream).toList();
    }

    /** What a key says of the job of this {@code meta.id}; empty where it is another's. */
    static Optional<Owner> ownerOf(String key, String id) {
        int end = key.length() - id.length() - 1;
        if (id.isEmpty() || end <= PREFIX.length() || !key.endsWith(id) || key.charAt(end) != '_') {
            return Optional.empty();
        }
        String rest = key.substring(PREFIX.length(), end);
        // No domain has an underscore, but names of rules and streams may.
        int gap = rest.lastIndexOf('_');
        return gap < 0
                ? Optional.empty()
                : Optional.of(new Owner(typeOf(rest.substring(0, gap)), rest.substring(gap + 1)));
    }

    /** The job type and the domain within a key. */
    record Owner(String type, String domain) {}

    private static String typeOf(String name) {
        int stream = name.lastIndexOf(JOB_STREAM);
        return stream < 0 ? name : name.substring(stream + JOB_STREAM.length());
    }

    /** The legacy service names the stream where a rule has several topics; ours has them where it is not a type's. */
    private static String name(String rule, String stream) {
        return isOwn(rule, stream) ? rule : rule + "-" + stream;
    }

    /** Whether the stream is {@code mediawiki.job.<rule>}, whatever stands before it. Asked for every job. */
    private static boolean isOwn(String rule, String stream) {
        int own = stream.length() - rule.length() - JOB_STREAM.length();
        return own >= 0
                && (own == 0 || stream.charAt(own - 1) == '.')
                && stream.endsWith(rule)
                && stream.startsWith(JOB_STREAM, own);
    }

    private static Optional<String> key(String before, String last) {
        return last.isEmpty() ? Optional.empty() : Optional.of(before.concat(last));
    }
}
