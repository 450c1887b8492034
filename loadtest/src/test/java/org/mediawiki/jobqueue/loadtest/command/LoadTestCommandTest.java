package org.mediawiki.jobqueue.loadtest.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;

final class LoadTestCommandTest {

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final CommandLine line =
            LoadTestCommand.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));

    @Test
    void whoeverAsksForHelpGetsNoLog() {
        Path output = folder.resolve("results");
        line.setExecutionStrategy(LoadTestCommand::withLogFile);

        assertThat(line.execute("run", "--help", "--output", output.toString())).isEqualTo(ExitCode.OK);

        assertThat(out.toString()).contains("--contender");
        assertThat(output).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--rate=0", "--batch=0", "--batch=2001", "--connections=0", "--seconds=0"})
    void anIntakeThatCannotBeMeasuredIsRefused(String option) {
        assertThat(line.execute("intake", option)).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains(option.substring(0, option.indexOf('=')) + " must be 1 or more");
    }

    /** Such as one of which the JDK says nothing. */
    @Test
    void aFailureWithoutAMessageIsToldByItsName() {
        line.addSubcommand("fail", new Failing()).setErr(new PrintWriter(err));

        assertThat(line.execute("fail")).isEqualTo(ExitCode.SOFTWARE);

        assertThat(err.toString()).contains("java.lang.ArithmeticException").doesNotContain("null");
    }

    @Command(name = "fail")
    private static final class Failing implements Runnable {
        @Override
        public void run() {
            throw new ArithmeticException();
        }
    }
}
