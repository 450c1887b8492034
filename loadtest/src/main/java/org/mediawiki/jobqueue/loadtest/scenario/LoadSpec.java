package org.mediawiki.jobqueue.loadtest.scenario;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.mediawiki.jobqueue.changeprop.config.DataSize;
import org.mediawiki.jobqueue.changeprop.config.Rate;

/**
 * A stream of jobs. Either a {@code backlog}, which is in Kafka before the dispatcher starts, or a {@code rate}, which
 * comes at its own pace, whatever the dispatcher does (an open loop).
 *
 * @param types the job types, in turn
 * @param backlog how many jobs stand in Kafka at the start
 * @param rate how many are produced each second
 * @param during for how long; key {@code for}
 * @param after when the stream begins (default: at once)
 * @param params about how large a job's parameters are, one size or a range such as {@code 400B-4KiB} that each is drawn from
 *     evenly (default 1,000 bytes: a job of 1.5 KB)
 * @param wikis how many wikis the jobs come from, at random (default 20)
 * @param delayed the share of jobs with a {@code delay_until}, 0 to 1
 * @param delayUpTo how far ahead that is at the most, at random
 * @param duplicates the share of jobs that were produced before, byte for byte, 0 to 1: again one of the first 1,000
 * @param duplicatesAfter how long ago that one was produced at the least (default 0s). De-duplication knows what is done:
 *     {@code once_per_id} holds where a job is done by then
 * @param roots the share of jobs with a {@code root_event}, 0 to 1 (default 0). Each root is that of twelve jobs in
 *     succession and has a signature of its own: none supersedes another, so that each of its jobs is to run
 * @param sha1 the share of jobs with a {@code sha1}, 0 to 1 (default 0). No two have the same, so that each is to run
 * @param spikes times of a higher rate
 */
public record LoadSpec(
        @JsonProperty(required = true) List<String> types,
        long backlog,
        @Nullable Rate rate,
        @JsonProperty("for") Duration during,
        Duration after,
        SizeRange params,
        int wikis,
        double delayed,
        Duration delayUpTo,
        double duplicates,
        Duration duplicatesAfter,
        double roots,
        double sha1,
        @Nullable Spikes spikes) {

    private static final SizeRange DEFAULT_PARAMS = SizeRange.always(new DataSize(1_000));
    private static final int DEFAULT_WIKIS = 20;

    /**
     * A rate that multiplies now and then.
     *
     * @param every from the beginning of one to that of the next
     * @param during how long each lasts; key {@code for}
     * @param factor by how much
     */
    public record Spikes(
            Duration every, @JsonProperty("for") Duration during, double factor) {}

    public LoadSpec {
        if (types == null || types.isEmpty()) {
            throw new IllegalArgumentException("load needs types");
        }
        if ((backlog > 0) == (rate != null)) {
            throw new IllegalArgumentException("load of " + types + " needs either backlog or rate");
        }
        if (rate != null && during == null) {
            throw new IllegalArgumentException("load of " + types + " needs for beside rate");
        }
        if (delayed > 0 && delayUpTo == null) {
            throw new IllegalArgumentException("load of " + types + " needs delay_up_to beside delayed");
        }
        requireShare(types, "delayed", delayed);
        requireShare(types, "duplicates", duplicates);
        requireShare(types, "roots", roots);
        requireShare(types, "sha1", sha1);
        types = List.copyOf(types);
        after = after == null ? Duration.ZERO : after;
        during = during == null ? Duration.ZERO : during;
        params = params == null ? DEFAULT_PARAMS : params;
        wikis = wikis == 0 ? DEFAULT_WIKIS : wikis;
        delayUpTo = delayUpTo == null ? Duration.ZERO : delayUpTo;
        duplicatesAfter = duplicatesAfter == null ? Duration.ZERO : duplicatesAfter;
    }

    /** How many jobs are to have been produced {@code elapsed} after the beginning of the whole load. */
    public long producedBy(Duration elapsed) {
        if (rate == null) {
            return backlog;
        }
        Duration running = elapsed.minus(after);
        if (running.isNegative()) {
            return 0;
        }
        Duration within = running.compareTo(during) < 0 ? running : during;
        return (long) (rate.perSecond() * weightedSeconds(within));
    }

    /** Whether each job that comes again does so only when the first was due before, and for a time. */
    boolean repeatsOnlyWhatWasDue() {
        return duplicates == 0 || duplicatesAfter.compareTo(delayUpTo) > 0;
    }

    /** When the stream ends, counted from the beginning of the whole load. */
    public Duration end() {
        return rate == null ? Duration.ZERO : after.plus(during);
    }

    /** How many jobs the stream has. */
    public long total() {
        return producedBy(end());
    }

    /** Seconds, of which those within a spike count for more. */
    private double weightedSeconds(Duration time) {
        double seconds = seconds(time);
        if (spikes == null) {
            return seconds;
        }
        double every = seconds(spikes.every());
        double each = seconds(spikes.during());
        double whole = Math.floor(seconds / every);
        double spiky = whole * each + Math.min(each, seconds - whole * every);
        return seconds + spiky * (spikes.factor() - 1);
    }

    private static void requireShare(List<String> types, String key, double share) {
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException("load of " + types + " needs " + key + " from 0 to 1, not " + share);
        }
    }

    private static double seconds(Duration time) {
        return time.toNanos() / 1e9;
    }
}
