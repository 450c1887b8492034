package org.mediawiki.jobqueue.loadtest.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;

/**
 * Two sets of results of the same scenarios, figure by figure. A difference counts only where every figure of one side
 * lies beyond every figure of the other, and the middles lie further apart than either side's own spread: with three
 * rounds each, chance alone does that one time in ten.
 */
public final class Comparison {

    /** Fewer rounds say nothing about the noise. */
    public static final int LEAST_ROUNDS = 3;

    private Comparison() {}

    /** What a row says in the end. */
    public enum Finding {
        /** No difference beyond the noise. */
        SAME,
        /** The second is higher, beyond the noise. */
        HIGHER,
        /** The second is lower, beyond the noise. */
        LOWER,
        /** Too few rounds to tell. */
        UNKNOWN
    }

    /**
     * One figure of one scenario on both sides.
     *
     * @param first the median of the first side's rounds
     * @param second the median of the second's
     * @param rounds how many the second has
     * @param ratio second / first
     * @param worse whether the second is worse, beyond the noise
     */
    public record Row(
            String scenario,
            String figure,
            double first,
            double second,
            int rounds,
            double ratio,
            Finding finding,
            boolean worse) {}

    /** The rows of every scenario that both sides have. */
    public static List<Row> of(List<Result> first, List<Result> second) {
        List<Row> rows = new ArrayList<>();
        first.stream().map(Result::scenario).distinct().forEach(scenario -> {
            List<Result> ones = ofScenario(first, scenario);
            List<Result> others = ofScenario(second, scenario);
            if (!others.isEmpty()) {
                Figure.ALL.forEach(figure -> row(scenario, figure, ones, others).ifPresent(rows::add));
            }
        });
        return rows;
    }

    /** Empty where a side does not have the figure. */
    private static Optional<Row> row(String scenario, Figure figure, List<Result> ones, List<Result> others) {
        double[] one = figure.of(ones);
        double[] other = figure.of(others);
        if (one.length == 0 || other.length == 0) {
            return Optional.empty();
        }
        double first = Figure.median(one);
        double second = Figure.median(other);
        double ratio = first == 0 ? Double.NaN : second / first;
        Finding finding = finding(one, other);
        boolean worse = figure.isWorse(finding, others);
        return Optional.of(new Row(scenario, figure.label(), first, second, other.length, ratio, finding, worse));
    }

    private static Finding finding(double[] one, double[] other) {
        if (one.length < LEAST_ROUNDS || other.length < LEAST_ROUNDS) {
            return Finding.UNKNOWN;
        }
        double apart = Figure.median(other) - Figure.median(one);
        boolean beyondNoise = Math.abs(apart) > Math.max(spread(one), spread(other));
        if (beyondNoise && min(other) > max(one)) {
            return Finding.HIGHER;
        }
        return beyondNoise && max(other) < min(one) ? Finding.LOWER : Finding.SAME;
    }

    private static List<Result> ofScenario(List<Result> results, String scenario) {
        return results.stream()
                .filter(result -> result.scenario().equals(scenario))
                .toList();
    }

    private static double spread(double[] values) {
        return max(values) - min(values);
    }

    private static double min(double[] values) {
        return DoubleStream.of(values).min().orElseThrow();
    }

    private static double max(double[] values) {
        return DoubleStream.of(values).max().orElseThrow();
    }
}
