package org.mediawiki.jobqueue.loadtest.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Stream;
import org.mediawiki.jobqueue.loadtest.measure.Contender;
import org.mediawiki.jobqueue.loadtest.measure.Contenders;
import org.mediawiki.jobqueue.loadtest.measure.Trial;
import org.mediawiki.jobqueue.loadtest.report.Page;
import org.mediawiki.jobqueue.loadtest.report.Result;
import org.mediawiki.jobqueue.loadtest.report.Results;
import org.mediawiki.jobqueue.loadtest.scenario.Scenario;
import org.mediawiki.jobqueue.loadtest.scenario.Scenarios;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code loadtest run}: scenarios, for one or more contenders in turns, in one run. */
@Command(
        name = "run",
        description = "Runs scenarios and writes result.json and report.html. Ends with 1 where a promise was broken.",
        mixinStandardHelpOptions = true)
final class RunScenarioCommand implements Callable<Integer> {

    @Parameters(arity = "1..*", paramLabel = "SCENARIO", description = "Names (see list), or YAML files.")
    private List<String> names = new ArrayList<>();

    @Option(
            names = "--contender",
            paramLabel = "WHO",
            description = "Who is measured; may be repeated: " + Contenders.NAMES + " (default: jobqueue).")
    private List<String> contenders = new ArrayList<>(List.of("jobqueue"));

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "How often each runs, in turns (default: ${DEFAULT-VALUE}).")
    private int rounds = 1;

    @Option(
            names = "--output",
            paramLabel = "DIR",
            description = "Where result.json and report.html go (default: ${DEFAULT-VALUE}).")
    private Path output = Path.of("loadtest-results");

    @Option(
            names = "--jvm-option",
            paramLabel = "OPTION",
            description = "For contenders that are Java programs; may be repeated (default: ${DEFAULT-VALUE}).")
    private List<String> jvmOptions = new ArrayList<>(List.of("-Xmx256m", "-XX:+UseSerialGC"));

    @Option(names = "--keep", description = "Keep each trial's folder: Kafka's data, logs, configurations.")
    private boolean keep;

    /** Picocli's own takes its place. */
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException, InterruptedException {
        List<Scenario> scenarios = parsed(names, Scenarios::named);
        List<Contender> measured = parsed(contenders, Contenders::named);
        Files.createDirectories(output);
        List<Result> results = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            say("%s: %s", names.get(i), scenarios.get(i).about());
            for (int round = 1; round <= rounds; round++) {
                for (Contender contender : measured) {
                    results.add(tryOnce(names.get(i), scenarios.get(i), contender, round));
                    // After each: whoever stops it keeps what there is.
                    Results.write(results, output.resolve("result.json"));
                    Page.write(results, output.resolve("report.html"));
                }
            }
        }
        say("%s and report.html beside it", output.resolve("result.json"));
        return results.stream().allMatch(Result::good) ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    private Result tryOnce(String name, Scenario scenario, Contender contender, int round)
            throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("loadtest-");
        try {
            Result result = tryIn(folder, name, scenario, contender, round);
            summary(result).forEach(text -> say("  %s", text));
            return result;
        } finally {
            if (keep) {
                say("  kept: %s", folder);
            } else {
                remove(folder);
            }
        }
    }

    private Result tryIn(Path folder, String name, Scenario scenario, Contender contender, int round)
            throws IOException, InterruptedException {
        try (ProgressLine line = new ProgressLine(out(), name + ", " + contender.name())) {
            return new Trial(new Trial.Setup(name, scenario, contender, round, folder, jvmOptions), line).run();
        }
    }

    private static List<String> summary(Result result) {
        Result.Steady steady = result.steady();
        List<String> lines = new ArrayList<>();
        lines.add(text(
                "%s, round %d: %,.0f jobs/s, %.1f us of CPU per job, %.2f cores, %.0f MiB, first job after %,d ms",
                result.contender(),
                result.round(),
                steady.jobsPerSecond(),
                steady.cpuMicrosPerJob(),
                steady.cpuShare(),
                steady.residentMebibytes(),
                steady.startToFirstJobMillis()));
        Result.Latency latency = result.latency();
        if (latency != null) {
            lines.add(text(
                    "latency: p50 %.1f ms, p90 %.1f ms, p99 %.1f ms, p99.9 %.1f ms, max %.1f ms; longest standstill %,d ms",
                    latency.p50(),
                    latency.p90(),
                    latency.p99(),
                    latency.p999(),
                    latency.max(),
                    steady.longestStandstillMillis()));
        }
        for (Result.Type type : result.types()) {
            Integer limit = type.limit();
            Double utilisation = type.utilisation();
            if (latency == null && limit != null && utilisation != null) {
                lines.add(text(
                        "%s: %.1f %% of %d slots in use, %d at the most",
                        type.name(), utilisation * 100, limit, type.mostAtOnce()));
            }
        }
        result.checks()
                .forEach(check ->
                        lines.add((check.held() ? "ok    " : "BROKEN ") + check.what() + ": " + check.found()));
        return lines;
    }

    private <T> List<T> parsed(List<String> texts, Function<String, T> parse) {
        try {
            return texts.stream().map(parse).toList();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private void say(String format, Object... values) {
        out().printf(Locale.ROOT, format + "%n", values);
        out().flush();
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    private static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }

    private static void remove(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    /** On a terminal, how it goes, in one line that is written over. */
    private static final class ProgressLine implements Trial.Progress, AutoCloseable {

        private static final String BACK_AND_CLEAR = "\r\033[K";

        private final PrintWriter out;
        private final String what;
        private final boolean shown = Boolean.getBoolean("jobqueue.terminal");

        ProgressLine(PrintWriter out, String what) {
            this.out = out;
            this.what = what;
        }

        @Override
        public void at(Duration elapsed, long produced, long ended, int inFlight) {
            if (shown) {
                out.printf(
                        Locale.ROOT,
                        BACK_AND_CLEAR + "  %s: %d s, %,d produced, %,d ended, %,d in flight",
                        what,
                        elapsed.toSeconds(),
                        produced,
                        ended,
                        inFlight);
                out.flush();
            }
        }

        @Override
        public void close() {
            if (shown) {
                out.print(BACK_AND_CLEAR);
                out.flush();
            }
        }
    }
}
