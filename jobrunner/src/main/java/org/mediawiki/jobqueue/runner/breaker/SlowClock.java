package org.mediawiki.jobqueue.runner.breaker;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;

/** Counts a second where several pass: what slides by seconds slides by that many at a time. */
final class SlowClock extends Clock {

    private final Clock clock;
    private final long secondsEach;

    SlowClock(Clock clock, long secondsEach) {
        this.clock = clock;
        this.secondsEach = secondsEach;
    }

    @Override
    public Instant instant() {
        return Instant.ofEpochSecond(Math.floorDiv(clock.instant().getEpochSecond(), secondsEach));
    }

    @Override
    public ZoneId getZone() {
        return clock.getZone();
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return new SlowClock(clock.withZone(zone), secondsEach);
    }
}
