package org.mediawiki.jobqueue.loadtest.dev;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mediawiki.jobqueue.changeprop.cli.JobQueueCommand;
import picocli.CommandLine;

final class DevCommandTest {

    private static final Set<String> PORTS = Set.of("--runner-port", "--admin-port", "--intake-port", "--kafka-port");

    private final StringWriter err = new StringWriter();

    @ParameterizedTest
    @ValueSource(strings = {"--runner-port", "--admin-port", "--intake-port", "--kafka-port"})
    void aPortInUseIsToldWithTheOptionThatHelps(String option) throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());
            Set<String> free = new TreeSet<>(PORTS);
            free.remove(option);
            List<String> arguments = new ArrayList<>(List.of("dev", option, port));
            free.forEach(other -> arguments.addAll(List.of(other, "0")));

            int exitCode = execute(arguments.toArray(String[]::new));

            assertThat(exitCode).isEqualTo(1);
            assertThat(err)
                    .hasToString("jobqueue dev: port " + port + " is in use; choose another with " + option
                            + System.lineSeparator());
        }
    }

    @Test
    void aRateThatCannotBeIsBadUsage() {
        assertThat(execute("dev", "--rate", "-1")).isEqualTo(2);
        assertThat(execute("dev", "--rate", "NaN")).isEqualTo(2);
        assertThat(err.toString()).contains("--rate must be 0 to 5000, but is -1.0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--runner-port", "--admin-port", "--intake-port", "--kafka-port"})
    void aPortThatCannotBeIsBadUsage(String option) {
        assertThat(execute("dev", option, "99999")).isEqualTo(2);
        assertThat(execute("dev", option, "-1")).isEqualTo(2);
        assertThat(err.toString())
                .contains(option + " must be 0 to 65535, but is 99999", option + " must be 0 to 65535, but is -1");
    }

    @Test
    void aTimeWithoutAUnitIsBadUsage() {
        assertThat(execute("dev", "--for", "5")).isEqualTo(2);
        assertThat(err.toString()).contains("--for must be a duration with a unit");
    }

    private int execute(String... arguments) {
        CommandLine commandLine = JobQueueCommand.commandLine();
        commandLine.setErr(new PrintWriter(err, true));
        return commandLine.execute(arguments);
    }
}
