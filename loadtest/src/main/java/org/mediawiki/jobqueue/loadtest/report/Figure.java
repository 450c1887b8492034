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
 * @param worse when a difference is held against a side
 * @param value not a number where a result has none
 */
record Figure(String label, String format, Worse worse, ToDoubleFunction<Result> value) {

    /** Which difference is a bad one. */
    enum Worse {
        LOWER,
        HIGHER,
        /** Higher where no job ended: else CPU per job tells it, for whoever does more jobs needs more cores. */
        HIGHER_AT_REST,
        /** Lower where slots are promised to be in use: else whoever is quicker leaves more of them empty. */
        LOWER_WHERE_PROMISED
    }

    /** In the order of the tables. */
    static final List<Figure> ALL = List.of(
            new Figure("jobs/s", "%,.0f", Worse.LOWER, result -> result.steady().jobsPerSecond()),
            new Figure(
                    "CPU us/job",
                    "%,.1f",
                    Worse.HIGHER,
                    result -> result.steady().cpuMicrosPerJob()),
            new Figure(
                    "CPU cores",
                    "%.3f",
                    Worse.HIGHER_AT_REST,
                    result -> result.steady().cpuShare()),
            new Figure(
                    "memory MiB",
                    "%,.0f",
                    Worse.HIGHER,
                    result -> result.steady().residentMebibytes()),
            new Figure(
                    "first job ms",
                    "%,.0f",
                    Worse.HIGHER,
                    result -> result.steady().startToFirstJobMillis()),
            new Figure("standstill ms", "%,.0f", Worse.HIGHER, Figure::standstill),
            new Figure("p50 ms", "%,.1f", Worse.HIGHER, result -> latency(result, Result.Latency::p50)),
            new Figure("p99 ms", "%,.1f", Worse.HIGHER, result -> latency(result, Result.Latency::p99)),
            new Figure("slots in use %", "%.1f", Worse.LOWER_WHERE_PROMISED, Figure::leastUtilisation));

    /** Of those results that have it, from the least to the greatest. */
    double[] of(List<Result> results) {
        return results.stream()
                .mapToDouble(value)
                .filter(figure -> !Double.isNaN(figure))
                .sorted()
                .toArray();
    }

    /** Whether what was found of these results, beside others, is to their disadvantage. */
    boolean isWorse(Comparison.Finding finding, List<Result> results) {
        return switch (worse) {
            case LOWER -> finding == Comparison.Finding.LOWER;
            case HIGHER -> finding == Comparison.Finding.HIGHER;
            case HIGHER_AT_REST ->
                finding == Comparison.Finding.HIGHER && results.stream().allMatch(Figure::isAtRest);
            case LOWER_WHERE_PROMISED ->
                finding == Comparison.Finding.LOWER && results.stream().allMatch(Figure::promisesSlots);
        };
    }

    private static boolean isAtRest(Result result) {
        return result.steady().jobsPerSecond() == 0;
    }

    private static boolean promisesSlots(Result result) {
        return result.checks().stream().anyMatch(Result.Check::isOfSlots);
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
