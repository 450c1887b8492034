package org.mediawiki.jobqueue.changeprop.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class JobQueueCommandTest {

    @ParameterizedTest
    @ValueSource(strings = {"", "chekc", "check", "check --config", "check --config x y", "--nonsense"})
    void exitsWithTwoForBadUsage(String line) {
        StringWriter err = new StringWriter();

        int exitCode = commandLine(err).execute(line.isEmpty() ? new String[0] : line.split(" "));

        assertThat(exitCode).isEqualTo(2);
        assertThat(err.toString()).isNotBlank();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "--version", "check --help"})
    void exitsWithZeroForQuestions(String line) {
        assertThat(commandLine(new StringWriter()).execute(line.split(" "))).isZero();
    }

    @Test
    void knowsTheCommandsThatOtherModulesAdd() {
        assertThat(JobQueueCommand.commandLine().getSubcommands()).containsKeys("check", "added-by-a-test");
    }

    private static CommandLine commandLine(StringWriter err) {
        return JobQueueCommand.commandLine()
                .setOut(new PrintWriter(new StringWriter()))
                .setErr(new PrintWriter(err));
    }
}
