package org.mediawiki.jobqueue.changeprop.app;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.mediawiki.jobqueue.runner.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that the wall clock was put back. Kafka's clients measure every wait by it, and wait until it says again what it
 * said before: no heartbeat is sent meanwhile, no poll ends, nothing that waits for company leaves. So whoever uses them has
 * to begin with others. A clock that goes ahead only ends waits early.
 *
 * <p>Started and stopped on any thread; it looks, and tells, on a context of its own.
 */
final class ClockWatch {

    /** A clock that is ahead for less than this and then put right goes unnoticed; a client may have seen it all the same. */
    private static final Duration INTERVAL = Duration.ofMillis(200);

    /** Within it no session ends and no lease; clocks that are corrected as they should be move far less. */
    private static final Duration HARMLESS = Duration.ofSeconds(1);

    private static final Logger LOG = LoggerFactory.getLogger(ClockWatch.class);

    private final Time time;
    private final Runnable onSetBack;
    private Instant lastInstant;
    private long lastNanos;

    /** Written on the context, read by whoever stops it. */
    private volatile Time.Cancellation next = Time.Cancellation.NONE;

    private volatile boolean stopped;

    ClockWatch(Time time, Runnable onSetBack) {
        this.time = time;
        this.onSetBack = onSetBack;
        this.lastInstant = time.instant();
        this.lastNanos = time.nanos();
    }

    /** Begins to look. Once. */
    void start() {
        next = time.after(INTERVAL, this::look);
    }

    void stop() {
        stopped = true;
        next.cancel();
    }

    private void look() {
        // Each once: a jump between two looks at the wall clock would be in neither difference.
        long nanos = time.nanos();
        Instant instant = time.instant();
        Duration setBack = Duration.ofNanos(nanos - lastNanos).minus(Duration.between(lastInstant, instant));
        lastInstant = instant;
        lastNanos = nanos;
        // Before anybody is told: what is thrown then ends this look, not those that are to follow.
        if (!stopped) {
            start();
        }
        if (setBack.compareTo(HARMLESS) > 0) {
            LOG.warn(
                    "The clock was put back by {}: Kafka's clients, which would wait for so long, are replaced",
                    setBack.plusMillis(500).truncatedTo(ChronoUnit.SECONDS));
            onSetBack.run();
        }
    }
}
