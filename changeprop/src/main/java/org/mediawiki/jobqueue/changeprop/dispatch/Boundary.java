package org.mediawiki.jobqueue.changeprop.dispatch;

import io.vertx.core.buffer.Buffer;
import java.util.function.Supplier;
import org.mediawiki.jobqueue.runner.Failure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one boundary behind which no record stops its partition: a bug of ours makes the record dead, not stuck. */
final class Boundary {

    private static final Logger LOG = LoggerFactory.getLogger(Boundary.class);

    private final JobEndings endings;

    Boundary(JobEndings endings) {
        this.endings = endings;
    }

    /** Runs {@code step}; where it throws, the record at {@code origin}, which holds {@code raw}, goes to the error topic. */
    void guard(Origin origin, Supplier<Buffer> raw, String rule, Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            LOG.error("A record was handled in a way that it should not: this is a bug", e);
            endings.invalid(origin, raw.get(), rule, Failure.withoutAnswer(Failure.Cause.INTERNAL, 500, e.toString()));
        }
    }

    void guard(OpenJob job, Runnable step) {
        guard(job.origin(), job.job()::body, job.kind().rule().name(), step);
    }
}
