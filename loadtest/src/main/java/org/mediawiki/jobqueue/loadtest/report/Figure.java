package org.mediawiki.jobqueue.loadtest.report;

import java.util.List;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * What of a result is compared and told in tables; a result need not have each.
 *
 * @param label its name with the unit
 * @param format as people read it, in {@link java.util.Formatter}'s terms
 * @param value not a number where a result has none
 */
record Figure(String label, String format, ToDoubleFunction<Result> value) {

    /** In the order of the tables. */
    static final List<Figure> ALL = List.of(
            new Figure("jobs/s", "%,.0f", result -> result.steady().jobsPerSecond()),
            new Figure("CPU us/job", "%,.1f", result -> result.steady().cpuMicrosPerJob()),
            new Figure("CPU cores", "%.3f", result -> result.steady().cpuShare()),
            new Figure("memory MiB", "%,.0f", result -> result.steady().residentMebibytes()),
            new Figure("first job ms", "%,.0f", result -> result.steady().startToFirstJobMillis()),
            new Figure("standstill ms", "%,.0f", Figure::standstill),
            new Figure("p50 ms", "%,.1f", result -> latency(result, Result.Latency::p50)),
            new Figure("p99 ms", "%,.1f", result -> latency(result, Result.Latency::p99)),
            new Figure("slots in use %", "%.1f", Figure::leastUtilisation));

    /** Of those results that have it, from the least to the greatest. */
    double[] of(List<Result> results) {
        return results.stream()
                .mapToDouble(value)
                .filter(figure -> !Double.isNaN(figure))
                .sorted()
                .toArray();
    }

    static double median(double[] sorted) {
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** Means something where jobs come at their own pace. */
    private static double standstill(Result result) {
        return result.latency() == null ? Double.NaN : result.steady().longestStandstillMillis();
    }

    private static double latency(Result result, ToDoubleFunction<Result.Latency> percentile) {
        Result.@Nullable Latency latency = result.latency();
        return latency == null ? Double.NaN : percentile.applyAsDouble(latency);
    }

    /** Means something where jobs wait at every moment. */
    private static double leastUtilisation(Result result) {
        return result.latency() != null
                ? Double.NaN
                : result.types().stream()
                        .map(Result.Type::utilisation)
                        .filter(Objects::nonNull)
                        .mapToDouble(share -> share * 100)
                        .min()
                        .orElse(Double.NaN);
    }
}
