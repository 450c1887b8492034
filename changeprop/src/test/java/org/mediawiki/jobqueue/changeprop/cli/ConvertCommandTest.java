package org.mediawiki.jobqueue.changeprop.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ConvertCommandTest {

    private static final String VALUES = """
            main_app:
              site: north
              redis: false
              kafka: {broker_list: ['kafka:9092'], ssl: {enabled: false}}
              jobqueue:
                enabled: true
                jobrunner_uri: https://runner.example.org/rpc/RunSingleJob.php
                low_traffic_jobs: {enabled: true, concurrency: 12}
            service: {name: farmqueue}
            """;

    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private Path values = Path.of("");

    @BeforeEach
    void writeTheValues() throws IOException {
        values = Files.writeString(folder.resolve("values.yaml"), VALUES);
    }

    @Test
    void printsTheConfigurationAndWhatDiffers() {
        int code = jobqueue("convert", values.toString());

        assertThat(code).isZero();
        assertThat(out.toString()).contains("service: farmqueue\n").contains("low_traffic: {concurrency: 12}\n");
        assertThat(err.toString())
                .contains("Means something else here (")
                .endsWith("Converted; validate it with `jobqueue check --skip-files --config FILE`.\n");
    }

    @Test
    void whatItWritesPassesTheCheck() {
        Path output = folder.resolve("jobqueue.yaml");
        Path report = folder.resolve("report.txt");

        int code = jobqueue("convert", values.toString(), "-o", output.toString(), "--report", report.toString());

        assertThat(code).isZero();
        assertThat(out.toString() + err).isEmpty();
        assertThat(report).content().contains("Means something else here (");
        assertThat(jobqueue("check", "--skip-files", "--config", output.toString()))
                .isZero();
    }

    @Test
    void refusesWithPathRuleAndHint() throws IOException {
        Files.writeString(values, VALUES.replace("redis: false", "redis: false\n  surprise: 1"));

        int code = jobqueue("convert", values.toString());

        assertThat(code).isEqualTo(2);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString()).isEqualTo("""
                main_app.surprise: is not understood
                    hint   nothing is dropped silently; if nothing depends on it, remove it from the copy that you convert

                1 problem; nothing was converted.
                """);
    }

    @Test
    void aFileThatCannotBeReadIsAFailure() {
        String nowhere = folder.resolve("nowhere.yaml").toString();

        int code = jobqueue("convert", nowhere);

        assertThat(code).isEqualTo(1);
        assertThat(err.toString()).startsWith("jobqueue convert: " + nowhere + " cannot be read: ");
        assertThat(err.toString().lines()).hasSize(1);
        assertThat(jobqueue("convert", values.toString(), "--sections", nowhere))
                .isEqualTo(1);
    }

    @Test
    void aPlaceThatCannotBeWrittenIsAFailure() {
        int code = jobqueue("convert", values.toString(), "--report", folder.toString());

        assertThat(code).isEqualTo(1);
        assertThat(err.toString()).startsWith("jobqueue convert: " + folder + " cannot be written: ");
        assertThat(err.toString().lines()).hasSize(1);
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void withoutAFileItIsBadUsage() {
        assertThat(jobqueue("convert")).isEqualTo(2);
    }

    private int jobqueue(String... arguments) {
        List<String> words = new ArrayList<>(List.of(arguments));
        CommandLine commandLine = JobQueueCommand.commandLine();
        commandLine.setOut(new PrintWriter(out, true));
        commandLine.setErr(new PrintWriter(err, true));
        return commandLine.execute(words.toArray(new String[0]));
    }
}
