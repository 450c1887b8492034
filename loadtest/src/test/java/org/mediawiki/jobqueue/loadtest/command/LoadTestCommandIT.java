package org.mediawiki.jobqueue.loadtest.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mediawiki.jobqueue.loadtest.measure.BareLoop;
import org.mediawiki.jobqueue.loadtest.report.Result;
import org.mediawiki.jobqueue.loadtest.report.Results;
import org.mediawiki.jobqueue.loadtest.scenario.Scenarios;
import org.mediawiki.jobqueue.loadtest.scenario.Suite;
import picocli.CommandLine;

/** The tool as people use it; {@code smoke} has every part of it at work. */
final class LoadTestCommandIT {

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void runsAScenarioForTwoContendersAndWritesAPageAndItsFigures() throws Exception {
        Path scenario = backlogAndStream();

        int code = execute(
                "run",
                scenario.toString(),
                "--contender",
                "slim=jobqueue+{dedupe: {store: 'off'}}",
                "--contender",
                "bare-loop",
                "--output",
                folder.toString());

        assertThat(code).as(out + "" + err).isZero();
        List<Result> results = Results.read(folder.resolve("result.json"));
        assertThat(results).extracting(Result::contender).containsExactly("slim", "bare-loop");
        assertThat(results).allSatisfy(result -> {
            assertThat(result.counts().jobs()).isEqualTo(200 + 100 + 1);
            assertThat(result.latency()).isNotNull();
            assertThat(result.steady().cpuShare()).isPositive();
            assertThat(result.steady().residentMebibytes()).isPositive();
        });
        assertThat(folder.resolve("report.html")).isNotEmptyFile();
    }

    @Test
    void runsASuiteAndTellsItAsATable() throws Exception {
        Path scenario = Files.writeString(folder.resolve("mine.yaml"), """
                about: More than it can run.
                runner: {rules: [{latency: 100ms}]}
                dispatcher: {jobs: {refreshLinks: {concurrency: 2}}}
                load: [{types: [refreshLinks], backlog: 500}]
                length: 2s
                expect: {all_done: false}
                """);
        Path suite = Files.writeString(folder.resolve("suite.yaml"), """
                about: One of them.
                parts: [{scenarios: [%s], contenders: [bare-loop]}]
                """.formatted(scenario));

        int code = execute("suite", suite.toString(), "--output", folder.toString());

        assertThat(code).as(out + "" + err).isZero();
        assertThat(folder.resolve("table.md"))
                .content()
                .startsWith("| scenario | contender | jobs/s | CPU us/job |")
                .containsPattern("\\| .*mine.yaml \\| bare-loop \\| \\d+ \\|.*\\| 0 \\|");
    }

    @Test
    void endsWithOneWhereAPromiseIsBroken() throws Exception {
        Path failing = Files.writeString(folder.resolve("failing.yaml"), """
                about: Every job is given up.
                runner: {rules: [{answer: "400"}]}
                dispatcher: {jobs: {refreshLinks: {concurrency: 20}}}
                load: [{types: [refreshLinks], backlog: 10}]
                drain: 3s
                """);

        int code = execute("run", failing.toString(), "--output", folder.toString());

        assertThat(code).isEqualTo(CommandLine.ExitCode.SOFTWARE);
        assertThat(out.toString()).contains("BROKEN every job that was due is done: 11 are not");
    }

    /** The contender would sleep on. */
    @Test
    void leavesNothingWhereItIsToldToEndInTheMidst() throws Exception {
        Path temporary = Files.createDirectory(folder.resolve("temporary"));
        Path contender = Files.writeString(folder.resolve("idle.yaml"), "{name: idle, command: [sleep, '300']}");
        Process tool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-XX:TieredStopAtLevel=1",
                        "-Djava.io.tmpdir=" + temporary,
                        "-cp",
                        System.getProperty("java.class.path"),
                        LoadTestCommand.class.getName(),
                        "run",
                        backlogAndStream().toString(),
                        "--contender",
                        contender.toString(),
                        "--output",
                        folder.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("tool.log").toFile())
                .start();
        try {
            Awaitility.await()
                    .atMost(Duration.ofMinutes(1))
                    .until(() -> tool.descendants().findAny().isPresent());
            List<ProcessHandle> started = tool.descendants().toList();

            tool.destroy();

            assertThat(tool.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(started).noneMatch(ProcessHandle::isAlive);
            assertThat(temporary).isDirectoryNotContaining("glob:**/loadtest-*");
        } finally {
            tool.destroyForcibly();
        }
    }

    @Test
    void saysWhatAContenderSaidThatDoesNotStart() throws Exception {
        Path contender = Files.writeString(
                folder.resolve("broken.yaml"), "{name: broken, command: [sh, -c, 'echo no {topics} today; exit 3']}");

        int code = execute("run", "smoke", "--contender", contender.toString(), "--output", folder.toString());

        assertThat(code).isEqualTo(CommandLine.ExitCode.SOFTWARE);
        assertThat(err.toString()).contains("no eqiad.mediawiki.job.refreshLinks,eqiad.mediawiki.job.cdnPurge today");
    }

    /** A bare loop can be held to nothing but this: it knows neither the limits of types nor delays, which smoke has. */
    @Test
    void measuresAnyProgramThatAFileTellsHowToStart() throws Exception {
        JsonArray command = new JsonArray()
                .add(Path.of(System.getProperty("java.home"), "bin", "java").toString())
                .add("-Xmx128m")
                .add("-XX:+UseSerialGC")
                .add("-XX:TieredStopAtLevel=1")
                .add("-cp")
                .add(System.getProperty("java.class.path"))
                .add(BareLoop.class.getName())
                .add("{bootstrap_servers}")
                .add("{topics}")
                .add("{target}")
                .add("{ca}")
                .add("{limit}");
        // JSON is YAML.
        Path contender = Files.writeString(
                folder.resolve("contender.yaml"),
                new JsonObject().put("name", "my-loop").put("command", command).encode());

        int code = execute(
                "run",
                backlogAndStream().toString(),
                "--contender",
                contender.toString(),
                "--output",
                folder.toString());

        assertThat(code).as(out + "" + err).isZero();
        assertThat(Results.read(folder.resolve("result.json"))).singleElement().satisfies(result -> {
            assertThat(result.contender()).isEqualTo("my-loop");
            assertThat(result.counts().requests()).isEqualTo(200 + 100 + 1);
            assertThat(result.counts().notDone()).isZero();
        });
    }

    @Test
    void listsEveryScenario() {
        assertThat(execute("list")).isZero();

        assertThat(out.toString().lines())
                .hasSize(Scenarios.names().size() + 2 + Suite.names().size());
    }

    @Test
    void refusesWhatItDoesNotKnow() {
        assertThat(execute("run", "nonsense")).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(execute("run", "smoke", "--contender", "nobody")).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(execute("run", "smoke", "--contender", "odd=jobqueue+off")).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(execute("run", "smoke", "--rounds", "0")).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(execute("run", "smoke", "--rounds", "-1")).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(execute("suite", "nonsense")).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(execute("compare", "a.json", "b.json")).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(execute()).isEqualTo(CommandLine.ExitCode.USAGE);
    }

    private Path backlogAndStream() throws IOException {
        return Files.writeString(folder.resolve("mine.yaml"), """
                about: A backlog and a stream.
                runner: {rules: [{latency: 10ms}]}
                dispatcher: {jobs: {refreshLinks: {concurrency: 20}}}
                load:
                  - {types: [refreshLinks], backlog: 200}
                  - {types: [refreshLinks], rate: 50/s, for: 2s}
                drain: 60s
                """);
    }

    private int execute(String... arguments) {
        return LoadTestCommand.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
    }
}
