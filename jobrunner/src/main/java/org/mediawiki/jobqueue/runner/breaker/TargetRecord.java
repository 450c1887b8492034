package org.mediawiki.jobqueue.runner.breaker;

import io.github.resilience4j.core.metrics.Metrics.Outcome;
import io.github.resilience4j.core.metrics.SlidingTimeWindowMetrics;
import io.github.resilience4j.core.metrics.Snapshot;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.mediawiki.jobqueue.runner.breaker.BreakerState.Trigger;

/**
 * What the job types have seen of their target. It is the target that is sick, and not one of them, when
 *
 * <ul>
 *   <li>{@code minimum_calls} fail in a row, of which no type counts for more than half; or
 *   <li>{@code failure_rate} of the calls in the window fail, two types at least have as many failures, and the rate is
 *       as high when no type counts for more than a quarter of {@code minimum_calls}.
 * </ul>
 *
 * So however much of the traffic a sick type is, it cannot do it alone. The first rule is fast where nothing works at
 * all, whatever went well in the minute before; the second is for an outage that lets some calls through.
 */
final class TargetRecord {

    private final BreakerSettings settings;
    private final Clock clock;

    /** Two at least, so that there is something to share. */
    private final int needed;

    private final Map<String, SlidingTimeWindowMetrics> calls = new HashMap<>();
    private final Map<String, Integer> failedInARow = new HashMap<>();

    TargetRecord(BreakerSettings settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
        this.needed = Math.max(2, settings.minimumCalls());
    }

    void succeeded(String type) {
        failedInARow.clear();
        callsOf(type).record(0, TimeUnit.NANOSECONDS, Outcome.SUCCESS);
    }

    /** @return why the target is sick; empty where it is not */
    Optional<TripReason> failed(String type) {
        failedInARow.merge(type, 1, Integer::sum);
        callsOf(type).record(0, TimeUnit.NANOSECONDS, Outcome.ERROR);
        if (weighedRow() >= needed) {
            int row = failedInARow.values().stream().mapToInt(Integer::intValue).sum();
            return Optional.of(new TripReason(
                    Trigger.ROW, row + " calls of " + failedInARow.size() + " job types failed in a row"));
        }
        return sickByRate();
    }

    /** How near the failures in a row are to the end: 0 is far, 1 is there. */
    double suspicion() {
        return Math.min(1, (double) weighedRow() / needed);
    }

    /** What was is no sign of what will be: the breaker has changed its phase. */
    void forget() {
        failedInARow.clear();
        calls.clear();
    }

    private int weighedRow() {
        int most = (needed + 1) / 2;
        return failedInARow.values().stream()
                .mapToInt(failed -> Math.min(failed, most))
                .sum();
    }

    private Optional<TripReason> sickByRate() {
        Shares shares = new Shares(Math.max(1, needed / 4.0));
        calls.values().removeIf(ofType -> shares.add(ofType.getSnapshot()));
        boolean sick = shares.weight >= needed
                && shares.weighedFailures / shares.weight >= settings.failureRate()
                && (double) shares.failures / shares.calls >= settings.failureRate()
                && shares.sickTypes >= 2;
        return sick
                ? Optional.of(new TripReason(
                        Trigger.RATE,
                        Math.round(100.0 * shares.failures / shares.calls) + "% of " + shares.calls + " calls failed, "
                                + shares.sickTypes + " job types are concerned"))
                : Optional.empty();
    }

    private SlidingTimeWindowMetrics callsOf(String type) {
        return calls.computeIfAbsent(type, ignored -> settings.emptyWindow(clock));
    }

    /** The sums over the types. */
    private final class Shares {

        private final double mostWeight;
        private double weight;
        private double weighedFailures;
        private int calls;
        private int failures;
        private int sickTypes;

        Shares(double mostWeight) {
            this.mostWeight = mostWeight;
        }

        /** @return whether the type had no calls */
        boolean add(Snapshot ofType) {
            int total = ofType.getTotalNumberOfCalls();
            if (total == 0) {
                return true;
            }
            double share = (double) ofType.getNumberOfFailedCalls() / total;
            double own = Math.min(total, mostWeight);
            weight += own;
            weighedFailures += own * share;
            calls += total;
            failures += ofType.getNumberOfFailedCalls();
            sickTypes += share >= settings.failureRate() ? 1 : 0;
            return false;
        }
    }
}
