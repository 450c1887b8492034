package org.mediawiki.jobqueue.runner.breaker;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.mediawiki.jobqueue.runner.Time;

/** Elapsed time as resilience4j wants it: a clock that nobody sets back, so that windows slide evenly. */
final class MonotonicClock extends Clock {

    private final Time time;
    private final long originNanos;

    MonotonicClock(Time time) {
        this.time = time;
        this.originNanos = time.nanos();
    }

    @Override
    public Instant instant() {
        return Instant.EPOCH.plusNanos(time.nanos() - originNanos);
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
