package org.mediawiki.jobqueue.loadtest.dev;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class DisplayTest {

    private final StringWriter out = new StringWriter();
    private final Summary summary = new Summary();

    @Test
    void onATerminalASummaryTakesThePlaceOfTheOneBefore() {
        Display display = new Display(new PrintWriter(out), true);
        summary.update(Duration.ZERO, Tally.NOTHING, 0);
        int height = summary.table().size();

        display.show(summary);
        display.show(summary);

        List<String> shown = out.toString().lines().toList();
        assertThat(shown).hasSize(2 * height);
        assertThat(shown.get(height)).startsWith("\033[" + height + "F\033[J").endsWith(shown.get(0));
    }

    @Test
    void elsewhereOneSummaryInTenIsALineOfTheLog() {
        Display display = new Display(new PrintWriter(out), false);
        summary.update(Duration.ZERO, Tally.NOTHING, 0);

        IntStream.range(0, 11).forEach(i -> display.show(summary));

        assertThat(out.toString().lines()).hasSize(2).containsOnly(summary.line());
    }
}
