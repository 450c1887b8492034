package org.mediawiki.jobqueue.loadtest.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.mediawiki.jobqueue.loadtest.report.Comparison.Finding;

final class ComparisonTest {

    @Test
    void rangesThatMeetAreTheSame() {
        assertThat(finding(rates(100, 110, 120), rates(115, 125, 135))).isEqualTo(Finding.SAME);
    }

    @Test
    void aDifferenceWithinTheSpreadIsTheSame() {
        assertThat(finding(rates(100, 110, 120), rates(121, 125, 130))).isEqualTo(Finding.SAME);
    }

    @Test
    void whatLiesBeyondTheSpreadIsHigherOrLower() {
        assertThat(finding(rates(100, 101, 102), rates(120, 121, 122))).isEqualTo(Finding.HIGHER);
        assertThat(finding(rates(120, 121, 122), rates(100, 101, 102))).isEqualTo(Finding.LOWER);
    }

    @Test
    void twoRoundsSayNothing() {
        assertThat(finding(rates(100, 101), rates(200, 201))).isEqualTo(Finding.UNKNOWN);
    }

    @Test
    void figuresThatASideDoesNotHaveAreLeftOut() {
        assertThat(Comparison.of(rates(1, 2, 3), rates(1, 2, 3)))
                .extracting(Comparison.Row::figure)
                .contains("jobs/s")
                .doesNotContain("p99 ms");
    }

    @Test
    void fewerJobsAndMoreCpuAreWorseAndTheContraryIsNot() {
        assertThat(row("jobs/s", rates(120, 121, 122), rates(100, 101, 102)).worse())
                .isTrue();
        assertThat(row("jobs/s", rates(100, 101, 102), rates(120, 121, 122)).worse())
                .isFalse();
        assertThat(row("CPU us/job", costs(40, 41, 42), costs(50, 51, 52)).worse())
                .isTrue();
        assertThat(row("CPU us/job", costs(50, 51, 52), costs(40, 41, 42)).worse())
                .isFalse();
    }

    @Test
    void whatLiesWithinTheNoiseOrCannotBeToldIsNotWorse() {
        assertThat(row("jobs/s", rates(100, 110, 120), rates(90, 105, 115)).worse())
                .isFalse();
        assertThat(row("jobs/s", rates(120, 121), rates(10, 11)).worse()).isFalse();
    }

    /** Whoever does more jobs needs more cores for them. */
    @Test
    void moreCoresAreWorseOnlyWhereNoJobEnded() {
        assertThat(row("CPU cores", cores(100, 0.1), cores(100, 0.2)).worse()).isFalse();
        assertThat(row("CPU cores", cores(0, 0.1), cores(0, 0.2)).worse()).isTrue();
    }

    /** Where the runner answers at once, whoever asks sooner for the next has fewer in use. */
    @Test
    void fewerSlotsInUseAreWorseOnlyWhereThatIsPromised() {
        Result.Check another = new Result.Check("nothing is lost", true, "0 are");
        Result.Check busy = Result.Check.ofSlots("98.0 %", "refreshLinks", true, "99.0 %");

        assertThat(row("slots in use %", slots(0.08, another), slots(0.02, another))
                        .worse())
                .isFalse();
        assertThat(row("slots in use %", slots(0.99, busy), slots(0.98, busy)).worse())
                .isTrue();
    }

    @Test
    void aRowSaysHowManyRoundsTheSecondHas() {
        assertThat(row("jobs/s", rates(1, 2, 3), rates(1, 2, 3, 4, 5)).rounds()).isEqualTo(5);
    }

    private static Finding finding(List<Result> one, List<Result> other) {
        return row("jobs/s", one, other).finding();
    }

    private static Comparison.Row row(String figure, List<Result> one, List<Result> other) {
        return Comparison.of(one, other).stream()
                .filter(row -> row.figure().equals(figure))
                .findFirst()
                .orElseThrow();
    }

    private static List<Result> rates(double... jobsPerSecond) {
        return Arrays.stream(jobsPerSecond).mapToObj(ResultsTest::result).toList();
    }

    private static List<Result> costs(double... cpuMicrosPerJob) {
        return Arrays.stream(cpuMicrosPerJob)
                .mapToObj(micros -> SampleResults.of(new Result.Steady(10, 100, micros, 0.5, 200, 1_500, 20)))
                .toList();
    }

    private static List<Result> slots(double share, Result.Check check) {
        Result one = SampleResults.of(new Result.Steady(10, 100, 40, 0.5, 200, 1_500, 20));
        Result result = new Result(
                one.scenario(),
                one.about(),
                one.contender(),
                one.round(),
                one.at(),
                one.machine(),
                one.counts(),
                one.steady(),
                null,
                List.of(new Result.Type("refreshLinks", 200, 200, share)),
                one.seconds(),
                List.of(check));
        return Collections.nCopies(Comparison.LEAST_ROUNDS, result);
    }

    private static List<Result> cores(double jobsPerSecond, double cpuShare) {
        Result result = SampleResults.of(new Result.Steady(10, jobsPerSecond, 40, cpuShare, 200, 1_500, 20));
        return Collections.nCopies(Comparison.LEAST_ROUNDS, result);
    }
}
