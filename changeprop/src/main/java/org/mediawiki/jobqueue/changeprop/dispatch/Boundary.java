package org.mediawiki.jobqueue.changeprop.dispatch;

import io.vertx.core.buffer.Buffer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.mediawiki.jobqueue.runner.Failure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one boundary behind which no record stops its partition: a bug of ours makes the record dead, not stuck. One that cannot
 * even be given up stays open: the others of its batch go on, and whoever runs the lane is told that it cannot.
 */
final class Boundary {

    private static final Logger LOG = LoggerFactory.getLogger(Boundary.class);

    private final JobEndings endings;
    private final Consumer<Throwable> onFailure;

    Boundary(JobEndings endings, Consumer<Throwable> onFailure) {
        this.endings = endings;
        this.onFailure = onFailure;
    }

    /**
     * Runs {@code step}; where it throws, the record at {@code origin}, which holds {@code raw}, goes to the error topic. Throws
     * nothing.
     */
    void guard(Origin origin, Supplier<Buffer> raw, String rule, Runnable step) {
        try {
            runOrGiveUp(origin, raw, rule, step);
        } catch (RuntimeException | Error e) {
            LOG.error("{} can neither be handled nor given up, and stays open: the lane cannot go on", origin, e);
            onFailure.accept(e);
        }
    }

    void guard(OpenJob job, Runnable step) {
        guard(job.origin(), job.job()::body, job.kind().rule().name(), step);
    }

    private void runOrGiveUp(Origin origin, Supplier<Buffer> raw, String rule, Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            LOG.error("A record was handled in a way that it should not: this is a bug", e);
            endings.invalid(origin, raw.get(), rule, Failure.withoutAnswer(Failure.Cause.INTERNAL, 500, e.toString()));
        }
    }
}
