package org.mediawiki.jobqueue.changeprop.dedupe;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.mediawiki.jobqueue.changeprop.event.JobEvent;
import org.mediawiki.jobqueue.changeprop.event.RootEvent;

/**
 * Under what a job is remembered. Empty where the event lacks it; then its rule does not apply.
 *
 * @param scope within which the first two stand for a job
 * @param id {@code meta.id}
 * @param sha1 of what the job does
 * @param root the signature of the event that the job is a leaf of
 */
record DedupeKeys(Scope scope, Optional<String> id, Optional<String> sha1, Optional<String> root) {

    private static final String PREFIX = "CPJQ_dedupe_";

    /** What the legacy service's template prints for a domain that is not there. */
    private static final String NO_DOMAIN = "undefined";

    static DedupeKeys of(JobEvent job, String rule, String stream) {
        return new DedupeKeys(
                new Scope(Scope.name(rule, stream), job.domain().isEmpty() ? NO_DOMAIN : job.domain()),
                said(job.id()),
                job.sha1().flatMap(DedupeKeys::said),
                job.root().map(RootEvent::signature).flatMap(DedupeKeys::said));
    }

    /** Where root events are told apart: a tree of jobs spans wikis. */
    Scope rootScope() {
        return new Scope(scope.name(), "");
    }

    /** The legacy service's key ({@code sys/deduplicator.js}): {@code CPJQ_dedupe_<name>_<domain>_<meta.id>}. */
    Optional<String> idKey() {
        return id.map(this::ofDomain);
    }

    /** {@code CPJQ_dedupe_<name>_<domain>_<sha1>}. */
    Optional<String> sha1Key() {
        return sha1.map(this::ofDomain);
    }

    /** {@code CPJQ_dedupe_<name>_<root_event.signature>}. */
    Optional<String> rootKey() {
        return root.map(signature -> PREFIX + scope.name() + "_" + signature);
    }

    /** The legacy service's keys that there are: of id, sha1, root. */
    List<String> all() {
        return Stream.of(idKey(), sha1Key(), rootKey())
                .flatMap(Optional::stream)
                .toList();
    }

    private String ofDomain(String text) {
        return PREFIX + scope.name() + "_" + scope.domain() + "_" + text;
    }

    private static Optional<String> said(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }
}
