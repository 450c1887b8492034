package org.mediawiki.jobqueue.loadtest.measure;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.mediawiki.jobqueue.loadtest.scenario.EventSpec;

/**
 * What was seen of a trial. Times are by the ledger's clock.
 *
 * @param samples in order of time
 * @param events that happened, when they did
 * @param failures events that could not be carried out
 * @param surprises processes that ended though nobody had asked for it, and those that did not though somebody had
 * @param accounts what instances said of their records, where somebody looked
 * @param leftOut why no disk could be full; empty where one could
 * @param startNanos when the first process was started
 * @param beginNanos when the load began
 * @param endNanos when it was over, the drain included
 */
record Seen(
        Requests requests,
        List<Samples.Sample> samples,
        List<EventSpec> events,
        List<Disturbances.Cut> cuts,
        List<String> failures,
        List<String> surprises,
        Accounts.Tally accounts,
        Optional<String> leftOut,
        long startNanos,
        long beginNanos,
        long endNanos) {

    /** How many jobs Kafka did not take. */
    int refused() {
        return requests.book().refused();
    }

    /** What the contender's processes had spent by then; between two looks it is taken to have grown evenly. */
    double cpuSecondsAt(long nanos) {
        Samples.@Nullable Sample before = null;
        for (Samples.Sample sample : samples) {
            if (sample.atNanos() >= nanos) {
                return before == null ? seconds(sample.cpu()) : between(before, sample, nanos);
            }
            before = sample;
        }
        return before == null ? 0 : seconds(before.cpu());
    }

    /** The last look before then. */
    Samples.Sample lastBefore(long nanos) {
        Samples.Sample last = Samples.Sample.NONE;
        for (Samples.Sample sample : samples) {
            if (sample.atNanos() > nanos) {
                break;
            }
            last = sample;
        }
        return last;
    }

    private static double between(Samples.Sample one, Samples.Sample other, long nanos) {
        double part = (nanos - one.atNanos()) / (double) (other.atNanos() - one.atNanos());
        return seconds(one.cpu()) + part * (seconds(other.cpu()) - seconds(one.cpu()));
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
