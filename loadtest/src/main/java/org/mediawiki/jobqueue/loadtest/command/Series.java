package org.mediawiki.jobqueue.loadtest.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.mediawiki.jobqueue.changeprop.embedded.TemporaryFolder;
import org.mediawiki.jobqueue.loadtest.measure.Contender;
import org.mediawiki.jobqueue.loadtest.measure.Trial;
import org.mediawiki.jobqueue.loadtest.report.Page;
import org.mediawiki.jobqueue.loadtest.report.Result;
import org.mediawiki.jobqueue.loadtest.report.Results;
import org.mediawiki.jobqueue.loadtest.report.SummaryTable;
import org.mediawiki.jobqueue.loadtest.scenario.Scenario;
import picocli.CommandLine.ExitCode;

/** Trials one after the other, told to whoever waits, with their results in one place. */
final class Series {

    private static final int MOST_LINES = 20;

    private final PrintWriter out;
    private final TrialOptions options;
    private final List<Result> results = new ArrayList<>();

    Series(PrintWriter out, TrialOptions options) {
        this.out = out;
        this.options = options;
    }

    /** Tries everything, each contender in its turn, round by round. */
    void run(Plan plan) throws IOException, InterruptedException {
        try {
            runAll(plan);
        } finally {
            plan.contenders().forEach(Contender::end);
        }
    }

    private void runAll(Plan plan) throws IOException, InterruptedException {
        for (Map.Entry<String, Scenario> scenario : plan.scenarios().entrySet()) {
            say("%s: %s", scenario.getKey(), scenario.getValue().about());
            for (int round = 1; round <= plan.rounds(); round++) {
                for (Contender contender : plan.contendersOf(round)) {
                    run(scenario.getKey(), scenario.getValue(), contender, round);
                }
            }
        }
    }

    /** Tries it, and adds what came of it to the files. */
    void run(String name, Scenario scenario, Contender contender, int round) throws IOException, InterruptedException {
        Files.createDirectories(options.output());
        results.add(tryOnce(name, scenario, contender, round));
        // After each: whoever stops it keeps what there is.
        Results.write(results, options.output().resolve("result.json"));
        Page.write(results, options.output().resolve("report.html"));
    }

    /** All that was seen so far, as Markdown. */
    String table() {
        return SummaryTable.of(results);
    }

    /** 0 where something was tried and every promise was kept. */
    int exitCode() {
        say("%s and report.html beside it", options.output().resolve("result.json"));
        boolean good = !results.isEmpty() && results.stream().allMatch(Result::good);
        return good ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    private Result tryOnce(String name, Scenario scenario, Contender contender, int round)
            throws IOException, InterruptedException {
        TemporaryFolder folder = TemporaryFolder.create("loadtest-");
        Leftovers leftovers = Leftovers.of(folder, options.keep());
        try {
            Result result = tryIn(folder.path(), name, scenario, contender, round);
            summary(result).forEach(text -> say("  %s", text));
            return result;
        } finally {
            if (options.keep()) {
                say("  kept: %s", folder.path());
            } else {
                folder.close();
            }
            leftovers.forget();
        }
    }

    private Result tryIn(Path folder, String name, Scenario scenario, Contender contender, int round)
            throws IOException, InterruptedException {
        try (ProgressLine line =
                new ProgressLine(out, name + ", " + contender.name(), Boolean.getBoolean("jobqueue.terminal"))) {
            return new Trial(new Trial.Setup(name, scenario, contender, round, folder, options.jvmOptions()), line)
                    .run();
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
        if (latency == null) {
            lines.addAll(firstOf(slots(result), "job types"));
        }
        lines.addAll(checks(result, false, "BROKEN "));
        lines.addAll(firstOf(checks(result, true, "ok    "), "promises kept"));
        return lines;
    }

    private static List<String> slots(Result result) {
        List<String> lines = new ArrayList<>();
        for (Result.Type type : result.types()) {
            Integer limit = type.limit();
            Double utilisation = type.utilisation();
            if (limit != null && utilisation != null) {
                lines.add(text(
                        "%s: %.1f %% of %d slots in use, %d at the most",
                        type.name(), utilisation * 100, limit, type.mostAtOnce()));
            }
        }
        return lines;
    }

    private static List<String> checks(Result result, boolean held, String mark) {
        return result.checks().stream()
                .filter(check -> check.held() == held)
                .map(check -> mark + check.what() + ": " + check.found())
                .toList();
    }

    /** With a thousand job types nobody reads a line for each; the report has them all. */
    private static List<String> firstOf(List<String> lines, String what) {
        if (lines.size() <= MOST_LINES) {
            return lines;
        }
        List<String> first = new ArrayList<>(lines.subList(0, MOST_LINES));
        first.add(text("and %,d more %s", lines.size() - MOST_LINES, what));
        return first;
    }

    void say(String format, Object... values) {
        out.printf(Locale.ROOT, format + "%n", values);
        out.flush();
    }

    private static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
