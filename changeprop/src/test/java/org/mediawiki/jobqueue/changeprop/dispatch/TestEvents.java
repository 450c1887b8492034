package org.mediawiki.jobqueue.changeprop.dispatch;

import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import org.mediawiki.jobqueue.changeprop.event.JobEvent;
import org.mediawiki.jobqueue.changeprop.event.RetryEvent;
import org.mediawiki.jobqueue.changeprop.event.RootEvent;
import org.mediawiki.jobqueue.runner.FakeTime;

/** Events as they are when they have been read. */
final class TestEvents {

    private TestEvents() {}

    static JobEvent job() {
        return job("en.example", FakeTime.START, Optional.empty(), Optional.empty());
    }

    static JobEvent job(String domain, Instant createdAt, Optional<String> delayUntil, Optional<RootEvent> root) {
        return new JobEvent(
                "id",
                "mediawiki.job.a",
                domain,
                "https://u",
                "req",
                createdAt,
                "enwiki",
                "a",
                delayUntil,
                Optional.empty(),
                root);
    }

    static RetryEvent retry(int retriesLeft, Optional<Instant> sentAt) {
        return retry(job(), "cpjobqueue#a", retriesLeft, sentAt);
    }

    static RetryEvent retry(JobEvent job, String emitterId, int retriesLeft, Optional<Instant> sentAt) {
        return retry(job, emitterId, retriesLeft, OptionalInt.empty(), sentAt, false);
    }

    /** One that says which it is. */
    static RetryEvent nthRetry(int nth, int retriesLeft, Instant sentAt) {
        return retry(job(), "cpjobqueue#a", retriesLeft, OptionalInt.of(nth), Optional.of(sentAt), false);
    }

    /** Of a job that waited and did not fail. */
    static RetryEvent waited(JobEvent job, int retriesLeft) {
        return retry(job, "cpjobqueue#a", retriesLeft, OptionalInt.empty(), Optional.of(job.createdAt()), true);
    }

    private static RetryEvent retry(
            JobEvent job,
            String emitterId,
            int retriesLeft,
            OptionalInt nthRetry,
            Optional<Instant> sentAt,
            boolean waited) {
        return new RetryEvent(
                "cpjobqueue.retry.mediawiki.job.a",
                "https://u",
                sentAt,
                "chain",
                emitterId,
                retriesLeft,
                nthRetry,
                waited,
                job,
                Buffer.buffer(),
                Buffer.buffer());
    }
}
