package org.mediawiki.jobqueue.runner.breaker;

import java.time.Duration;
import java.util.Optional;

/**
 * How long a call of a type usually takes: the mean of those that went well, in which the last hundred or so weigh. The
 * mean and not the median, so that a type which has a long job now and then is given the time for it.
 */
final class UsualDuration {

    /** So many times longer than usual is slow. */
    private static final int SLOW_FACTOR = 10;

    /** Nothing shorter is slow, and no shorter silence means anything: a pause of garbage collection, a busy second. */
    static final Duration FLOOR = Duration.ofSeconds(5);

    /** As long as nothing is known of a type: few jobs take so long, and none of a type is answered sooner. */
    static final Duration FIRST_GUESS = Duration.ofMinutes(1);

    /** Where jobs may take a day, those of an hour are no surprise. */
    private static final int GUESSES_IN_A_TIMEOUT = 20;

    private static final int MEMORY_CALLS = 100;

    private int callsToKnow;
    private double meanNanos;
    private int calls;

    /** {@code callsToKnow} calls must have gone well before anything is known. */
    UsualDuration(int callsToKnow) {
        this.callsToKnow = callsToKnow;
    }

    /** Another {@code callsToKnow}; what is known stays. */
    void reconfigure(int nextCallsToKnow) {
        callsToKnow = nextCallsToKnow;
    }

    void add(long nanos) {
        calls = Math.min(calls + 1, Math.max(MEMORY_CALLS, callsToKnow));
        meanNanos += (nanos - meanNanos) / Math.min(calls, MEMORY_CALLS);
    }

    /** The mean; empty while too few calls are known. */
    Optional<Duration> mean() {
        return calls < callsToKnow ? Optional.empty() : Optional.of(Duration.ofNanos((long) meanNanos));
    }

    /** What takes so long, where nothing that was sent later is answered, is an outage. */
    Duration slow(Duration timeout) {
        return mean().map(mean -> longer(mean.multipliedBy(SLOW_FACTOR), FLOOR))
                .orElseGet(() -> longer(timeout.dividedBy(GUESSES_IN_A_TIMEOUT), FIRST_GUESS));
    }

    /** How long to wait for what a probe of the type's own breaker tells. */
    Duration patience() {
        // Asked for every call, so nothing is made for it as long as jobs are quick.
        return calls < callsToKnow || isQuick() ? FLOOR : Duration.ofNanos((long) (2 * meanNanos));
    }

    /** Whether an answer is to be expected within {@link #FLOOR}; of a type that nobody knows it is not. */
    boolean isQuick() {
        return calls >= callsToKnow && 2 * meanNanos <= FLOOR.toNanos();
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }
}
