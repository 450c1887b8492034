package org.mediawiki.jobqueue.loadtest.standin;

import java.time.Duration;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How long a job takes: always the same, or spread evenly from {@code least} to {@code most}.
 *
 * @param least zero or more
 * @param most not less than {@code least}
 */
public record Latency(Duration least, Duration most) {

    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s)");

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

    /**
     * Reads {@code 100ms}, {@code 2s}, or {@code 10ms-200ms}.
     *
     * @throws IllegalArgumentException if the text is neither
     */
    static Latency parse(String text) {
        String[] ends = text.split("-", 2);
        Duration least = duration(ends[0]);
        return new Latency(least, ends.length == 1 ? least : duration(ends[1]));
    }

    private static Duration duration(String text) {
        Matcher parts = DURATION.matcher(text.strip());
        if (!parts.matches()) {
            throw new IllegalArgumentException("no duration such as 100ms or 2s: " + text);
        }
        long number = Long.parseLong(parts.group(1));
        return "ms".equals(parts.group(2)) ? Duration.ofMillis(number) : Duration.ofSeconds(number);
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
