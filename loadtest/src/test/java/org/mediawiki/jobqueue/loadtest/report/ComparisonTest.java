package org.mediawiki.jobqueue.loadtest.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
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

    private static Finding finding(List<Result> one, List<Result> other) {
        return Comparison.of(one, other).stream()
                .filter(row -> row.figure().equals("jobs/s"))
                .findFirst()
                .orElseThrow()
                .finding();
    }

    private static List<Result> rates(double... jobsPerSecond) {
        return Arrays.stream(jobsPerSecond).mapToObj(ResultsTest::result).toList();
    }
}
