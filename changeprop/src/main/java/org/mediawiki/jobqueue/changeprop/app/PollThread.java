package org.mediawiki.jobqueue.changeprop.app;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.mediawiki.jobqueue.changeprop.consume.PollLoop;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread of a lane that owns its consumer. It never dies in silence: what ends it unasked is told. */
final class PollThread {

    private static final Duration BACKOFF = Duration.ofSeconds(2);
    private static final Logger LOG = LoggerFactory.getLogger(PollThread.class);

    private final PollLoop loop;
    private final Runnable preparation;
    private final Consumer<Throwable> onFailure;
    private final Thread thread;
    private final CountDownLatch stop = new CountDownLatch(1);

    /** Written by the poll thread, read by readiness checks. */
    private volatile boolean prepared;

    /**
     * @param preparation what must be done in Kafka before the loop may begin; tried until it succeeds
     * @param onFailure is told when the loop ended without having been stopped
     */
    PollThread(String lane, PollLoop loop, Runnable preparation, Consumer<Throwable> onFailure) {
        this.loop = loop;
        this.preparation = preparation;
        this.onFailure = onFailure;
        this.thread = new Thread(this::run, "poll-" + lane);
    }

    void start() {
        thread.start();
    }

    /** Whether Kafka could be written to and the loop has begun. */
    boolean isPrepared() {
        return prepared;
    }

    /** Stops the loop and waits until it has drained and left the group. Blocks. */
    void stopAndWait() throws InterruptedException {
        stop.countDown();
        loop.stop();
        if (thread.getState() == Thread.State.NEW) {
            loop.abandon();
        }
        thread.join();
    }

    private void run() {
        try {
            if (prepare()) {
                loop.run();
            } else {
                loop.abandon();
            }
        } catch (FencedInstanceIdException e) {
            LOG.error("Another process has started under the name of this one, which ends for that: give each its own"
                    + " `instance`");
            onFailure.accept(e);
        } catch (RuntimeException | Error e) {
            LOG.error("The poll thread cannot go on", e);
            onFailure.accept(e);
        }
    }

    private boolean prepare() {
        while (!stopped(Duration.ZERO)) {
            try {
                preparation.run();
                prepared = true;
                return true;
            } catch (KafkaException e) {
                LOG.warn("Kafka is not ready for us and is tried again in {}: {}", BACKOFF, e.toString());
                stopped(BACKOFF);
            }
        }
        return false;
    }

    private boolean stopped(Duration patience) {
        try {
            return stop.await(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }
}
