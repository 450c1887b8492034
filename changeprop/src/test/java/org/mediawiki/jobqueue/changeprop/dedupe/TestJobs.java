package org.mediawiki.jobqueue.changeprop.dedupe;

import java.time.Instant;
import java.util.Optional;
import org.mediawiki.jobqueue.changeprop.event.JobEvent;
import org.mediawiki.jobqueue.changeprop.event.RootEvent;

/** Jobs of the type {@code refreshLinks} of one wiki. */
final class TestJobs {

    static final String RULE = "refreshLinks";
    static final String STREAM = "mediawiki.job.refreshLinks";

    private TestJobs() {}

    /** Neither hash nor root event. */
    static JobEvent plain(String id, Instant createdAt) {
        return job(id, createdAt, Optional.empty(), Optional.empty());
    }

    static JobEvent hashed(String id, Instant createdAt, String sha1) {
        return job(id, createdAt, Optional.of(sha1), Optional.empty());
    }

    static JobEvent leaf(String id, Instant createdAt, String signature, Instant rootAt) {
        return job(id, createdAt, Optional.empty(), Optional.of(new RootEvent(rootAt, signature)));
    }

    static JobEvent job(String id, Instant createdAt, Optional<String> sha1, Optional<RootEvent> root) {
        return job(id, "en.example.org", createdAt, sha1, root);
    }

    static JobEvent job(String id, String domain, Instant createdAt, Optional<String> sha1, Optional<RootEvent> root) {
        return new JobEvent(
                id, STREAM, domain, "https://u", "req", createdAt, "enwiki", RULE, Optional.empty(), sha1, root);
    }
}
