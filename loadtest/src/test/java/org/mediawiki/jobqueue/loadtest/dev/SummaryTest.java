package org.mediawiki.jobqueue.loadtest.dev;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.mediawiki.jobqueue.loadtest.dev.Tally.TypeTally;

final class SummaryTest {

    private final Summary summary = new Summary();

    @Test
    void ratesAreOverTheLastSeconds() {
        for (int second = 0; second <= 20; second++) {
            long done = second <= 10 ? 0 : (second - 10) * 8L;
            summary.update(Duration.ofSeconds(second), tally(Map.of("refreshLinks", done)), 42);
        }

        assertThat(summary.line())
                .isEqualTo("8.0 jobs/s, 1 running, 2 waiting, 3 delayed, 42 not committed;" + " attempts: 9 done");
    }

    @Test
    void theTableFitsASmallTerminalHoweverManyTypesThereAre() {
        Map<String, Long> many = IntStream.range(0, 200)
                .boxed()
                .collect(Collectors.toMap(i -> "aJobTypeWithANameThatIsFarTooLong" + i, i -> 1_000_000L + i));

        summary.update(Duration.ofSeconds(1), tally(many), 0);

        assertThat(summary.table()).hasSizeLessThanOrEqualTo(15).allMatch(line -> line.length() <= 80);
    }

    @Test
    void theBusiestTypesComeFirst() {
        summary.update(Duration.ofSeconds(1), tally(Map.of("rare", 1L, "busy", 100L)), 0);

        assertThat(String.join("\n", summary.table())).containsSubsequence("busy", "rare");
    }

    @Test
    void nothingIsShownAsZeroBeforeTheFirstJob() {
        summary.update(Duration.ZERO, Tally.NOTHING, 0);

        assertThat(summary.line())
                .isEqualTo("0.0 jobs/s, 0 running, 0 waiting, 0 delayed, 0 not committed; attempts: none yet");
    }

    private static Tally tally(Map<String, Long> done) {
        return new Tally(
                done.entrySet().stream()
                        .collect(Collectors.toMap(
                                Map.Entry::getKey, type -> new TypeTally(1, 4, 2, type.getValue(), 0, 0))),
                Map.of("done", 9L),
                3);
    }
}
