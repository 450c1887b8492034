package org.mediawiki.jobqueue.loadtest.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.ExitCode;

final class SeriesTest {

    @Test
    void nothingTriedIsNoSuccess() {
        Series series = new Series(new PrintWriter(new StringWriter()), new TrialOptions());

        assertThat(series.exitCode()).isEqualTo(ExitCode.SOFTWARE);
    }
}
