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
    @ValueSource(
            strings = {
                "",
                "chekc",
                "check",
                "check --config",
                "check --config x y",
                "--nonsense",
                "jobs list --url localhost:9102",
                "jobs list --url localhost",
                "jobs list --url 127.0.0.1:9102",
                "jobs list --url ftp://localhost:9102",
                "jobs list --url http:/localhost:9102",
                "jobs list --url http://localhost:99999",
                "jobs dead --url localhost:9102",
                "jobs pause X --url localhost:9102"
            })
    void exitsWithTwoForBadUsage(String line) {
        StringWriter err = new StringWriter();

        int exitCode = commandLine(err).execute(line.isEmpty() ? new String[0] : line.split(" "));

        assertThat(exitCode).isEqualTo(2);
        assertThat(err.toString()).isNotBlank();
    }

    @Test
    void tellsWhatAUrlLooksLike() {
        StringWriter err = new StringWriter();

        commandLine(err).execute("jobs", "list", "--url", "localhost:9102");

        assertThat(err.toString())
                .startsWith("--url must be such as http://127.0.0.1:9102, but is localhost:9102")
                .doesNotContain("Exception");
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
