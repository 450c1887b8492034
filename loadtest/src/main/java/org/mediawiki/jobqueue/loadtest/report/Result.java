package org.mediawiki.jobqueue.loadtest.report;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came of one trial.
 *
 * @param scenario its name
 * @param about what the scenario shows
 * @param contender who was measured
 * @param round which of several trials of the same kind, from 1
 * @param at when it began
 * @param machine where
 * @param counts of jobs and requests
 * @param steady the figures of the measured time
 * @param latency from when a job was to be produced, or was due, to the runner; null where every job was of a backlog
 * @param types the figures of each job type
 * @param seconds the course of it, second by second
 * @param checks what was promised, and whether it held
 */
public record Result(
        String scenario,
        String about,
        String contender,
        int round,
        Instant at,
        Machine machine,
        Counts counts,
        Steady steady,
        @Nullable Latency latency,
        List<Type> types,
        List<Second> seconds,
        List<Check> checks) {

    /**
     * Where it ran.
     *
     * @param processors what the JVM may use
     * @param java the runtime's version
     * @param jvmOptions of the contender
     */
    public record Machine(int processors, String java, List<String> jvmOptions) {}

    /**
     * Counts over the whole trial.
     *
     * @param jobs that were produced, each counted once however often it was sent
     * @param requests that arrived at the runner
     * @param notDone jobs that were due and were never answered with 2xx
     * @param repeated jobs that ran more often than they were sent
     * @param repeatedWithoutCause those of them of which no run but the last was in flight at a kill or a freeze, or had
     *     ended less than 100 ms before
     * @param refused jobs that Kafka did not take
     */
    public record Counts(
            long jobs, long requests, long notDone, long repeated, long repeatedWithoutCause, long refused) {}

    /**
     * The time between the warm-up and the end.
     *
     * @param seconds how long it was
     * @param jobsPerSecond requests that ended
     * @param cpuMicrosPerJob CPU time of all instances for each of those; 0 where there was none
     * @param cpuShare of one core, of all instances together
     * @param residentMebibytes of all instances together, at the most
     * @param startToFirstJobMillis from the start of the first process to its first request; 0 where there was none
     * @param longestStandstillMillis the longest time in which no job started although some waited
     */
    public record Steady(
            double seconds,
            double jobsPerSecond,
            double cpuMicrosPerJob,
            double cpuShare,
            double residentMebibytes,
            long startToFirstJobMillis,
            long longestStandstillMillis) {}

    /** Percentiles, in milliseconds. */
    public record Latency(long count, double p50, double p90, double p99, double p999, double max, List<Point> curve) {

        /** {@code percentile} of 100 took {@code millis} at the most. */
        public record Point(double percentile, double millis) {}
    }

    /**
     * One job type.
     *
     * @param limit of the scenario; null where it has none of its own
     * @param mostAtOnce requests, over the whole trial; those that were in flight when a process was cut count until then
     * @param utilisation the share of the limit that was busy in the measured time; null without a limit
     */
    public record Type(
            String name,
            @Nullable Integer limit,
            int mostAtOnce,
            @Nullable Double utilisation) {}

    /**
     * What happened in one second.
     *
     * @param at the second, from the beginning of the load; negative before
     * @param produced jobs
     * @param ended requests
     * @param inFlight requests, at its end
     * @param p50 in ms, of the jobs that started for the first time; null where none with a time did
     * @param p99 likewise
     * @param cpuShare of one core
     * @param residentMebibytes of all instances
     */
    public record Second(
            long at,
            long produced,
            long ended,
            int inFlight,
            @Nullable Double p50,
            @Nullable Double p99,
            double cpuShare,
            double residentMebibytes) {}

    /**
     * A promise.
     *
     * @param what was promised
     * @param held whether it was kept
     * @param found what was seen
     */
    public record Check(String what, boolean held, String found) {

        private static final String BUSY = " are busy";

        /** The promise that so many of the slots of a job type are in use. */
        public static Check ofSlots(String share, String type, boolean held, String found) {
            return new Check(share + " of the slots of " + type + BUSY, held, found);
        }

        boolean isOfSlots() {
            return what.endsWith(BUSY);
        }
    }

    /** Whether every promise was kept. */
    public boolean good() {
        return checks.stream().allMatch(Check::held);
    }
}
