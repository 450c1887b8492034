package org.mediawiki.jobqueue.loadtest.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProgressLineTest {

    private final StringWriter text = new StringWriter();

    @Test
    void aTerminalHasOneLineThatIsWrittenOver() {
        try (ProgressLine line = line(true)) {
            line.at(Duration.ofMillis(200), 5, 3, 2);
            line.at(Duration.ofMillis(1_400), 1_234, 7, 2);
        }
        assertThat(text)
                .hasToString("\r\033[K  kill, jobqueue: 0 s, 5 produced, 3 ended, 2 in flight"
                        + "\r\033[K  kill, jobqueue: 1 s, 1,234 produced, 7 ended, 2 in flight\r\033[K");
    }

    @Test
    void aFileHasALineAMinute() {
        try (ProgressLine line = line(false)) {
            for (int second = 0; second < 150; second++) {
                line.at(Duration.ofSeconds(second), second, second, 0);
            }
        }
        assertThat(text.toString().lines())
                .containsExactly(
                        "  kill, jobqueue: 60 s, 60 produced, 60 ended, 0 in flight",
                        "  kill, jobqueue: 120 s, 120 produced, 120 ended, 0 in flight");
    }

    @Test
    void whatComesBeforeTheLoadHasItsOwnMinutes() {
        try (ProgressLine line = line(false)) {
            line.at(Duration.ofSeconds(150), 5_000, 0, 0);
            line.at(Duration.ZERO, 5_000, 1, 0);
            line.at(Duration.ofSeconds(60), 5_000, 60, 0);
        }
        assertThat(text.toString().lines())
                .containsExactly(
                        "  kill, jobqueue: 150 s, 5,000 produced, 0 ended, 0 in flight",
                        "  kill, jobqueue: 60 s, 5,000 produced, 60 ended, 0 in flight");
    }

    private ProgressLine line(boolean isTerminal) {
        return new ProgressLine(new PrintWriter(text), "kill, jobqueue", isTerminal);
    }
}
