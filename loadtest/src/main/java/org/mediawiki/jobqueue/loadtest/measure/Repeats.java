package org.mediawiki.jobqueue.loadtest.measure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.mediawiki.jobqueue.loadtest.generate.JobEvent;

/** Which jobs of a stream come again, byte for byte: any of its first, when long enough ago. Used by one thread. */
final class Repeats {

    private static final int REMEMBERED = 1_000;

    private final double share;
    private final long afterNanos;
    private final Random random;

    /** In order of time. */
    private final List<Produced> first = new ArrayList<>();

    /** How many of those were produced long enough ago. */
    private int ripe;

    private record Produced(JobEvent event, long atNanos) {}

    /**
     * @param share of all jobs, 0 to 1
     * @param after how long ago a job was produced that comes again, at the least
     */
    Repeats(double share, Duration after, Random random) {
        this.share = share;
        this.afterNanos = after.toNanos();
        this.random = random;
    }

    /** The next job, where it is one that comes again. */
    Optional<JobEvent> next(long nowNanos) {
        while (ripe < first.size() && nowNanos - first.get(ripe).atNanos() >= afterNanos) {
            ripe++;
        }
        return ripe > 0 && random.nextDouble() < share
                ? Optional.of(first.get(random.nextInt(ripe)).event())
                : Optional.empty();
    }

    /** A job was produced for the first time. */
    void remember(JobEvent event, long nowNanos) {
        if (share > 0 && first.size() < REMEMBERED) {
            first.add(new Produced(event, nowNanos));
        }
    }
}
