package org.mediawiki.jobqueue.loadtest.standin;

import java.time.Duration;
import java.util.SplittableRandom;

/**
 * How long a job takes: always the same, or spread evenly from {@code least} to {@code most}.
 *
 * @param least zero or more
 * @param most not less than {@code least}
 */
public record Latency(Duration least, Duration most) {

    public Latency {
        if (least.isNegative() || most.compareTo(least) < 0) {
            throw new IllegalArgumentException("no latency: " + least + " to " + most);
        }
    }

    public static Latency fixed(Duration time) {
        return new Latency(time, time);
    }

    public static Latency between(Duration least, Duration most) {
        return new Latency(least, most);
    }

    /** The same for the same seed, job and attempt, in whatever order requests come. */
    Duration of(JobRequest request, long seed) {
        long spread = most.minus(least).toNanos();
        if (spread == 0) {
            return least;
        }
        long ofThisRequest = seed ^ ((long) request.event().id().hashCode() << 32) ^ request.attempt();
        return least.plusNanos(new SplittableRandom(ofThisRequest).nextLong(spread + 1));
    }

    /** Draws how long a latency is for one request. */
    @FunctionalInterface
    interface Draw {

        Duration of(Latency latency);
    }
}
