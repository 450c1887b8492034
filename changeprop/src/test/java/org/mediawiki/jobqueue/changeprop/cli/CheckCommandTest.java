package org.mediawiki.jobqueue.changeprop.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CheckCommandTest {

    private static final String GOOD = """
            kafka: {bootstrap_servers: ['kafka1:9092', 'kafka2:9092']}
            targets:
              near: {uri: 'https://near.example.org/rpc/RunSingleJob.php'}
              far: {uri: 'http://far/', timeout: 24h}
            lanes:
              main:
                target: near
                jobs:
                  refreshLinks: {concurrency: 240, per_section: 30, abandon_root_after: 7d}
                  cdnPurge: {rate: 5/s, retry: {limit: 0}, paused: true}
                low_traffic: {}
                exclude: [ThumbnailRender]
              video: {target: far, concurrency: 15, jobs: {webVideoTranscode: {priority: 10, retry: {limit: 9}}}}
            """;

    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final CommandLine commandLine = JobQueueCommand.commandLine();

    @BeforeEach
    void capture() {
        commandLine.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    }

    @Test
    void printsWhatIsInForceForEveryJobType() throws IOException {
        int exitCode = commandLine.execute("check", "--config", write(GOOD));

        assertThat(exitCode).isZero();
        assertThat(out.toString()).contains("""
                JOB TYPE           LANE   POOL              AT ONCE  PER SECTION  RATE  PRIORITY  TIMEOUT  RETRIES AFTER            DROPPED WHEN OLDER  PAUSED
                """);
    }

    @Test
    void printsEveryProblemAndExitsWithTwo() throws IOException {
        int exitCode =
                commandLine.execute("check", "--config", write(GOOD.replace("far, conc", "fat, conc") + "foo: 1"));

        assertThat(exitCode).isEqualTo(2);
        assertThat(err.toString()).isEqualToNormalizingNewlines("x");
    }

    @Test
    void exitsWithTwoWhereTheFileIsMissing() {
        assertThat(commandLine.execute(
                        "check", "--config", folder.resolve("none").toString()))
                .isEqualTo(2);
    }

    @Test
    void looksForFilesUnlessToldNotTo() throws IOException {
        String file = write(GOOD.replace("timeout: 24h", "tls: {ca: none.pem}"));

        assertThat(commandLine.execute("check", "--config", file)).isEqualTo(2);
        assertThat(commandLine.execute("check", "--skip-files", "--config", file))
                .isZero();
    }

    private String write(String yaml) throws IOException {
        return Files.writeString(folder.resolve("jobqueue.yaml"), yaml).toString();
    }
}
