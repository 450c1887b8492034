package org.mediawiki.jobqueue.loadtest.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.mediawiki.jobqueue.loadtest.report.Comparison;
import org.mediawiki.jobqueue.loadtest.report.FiguresCsv;
import org.mediawiki.jobqueue.loadtest.report.Result;
import org.mediawiki.jobqueue.loadtest.report.Results;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code loadtest compare}: two result files, or two contenders of one. */
@Command(
        name = "compare",
        description = {
            "Compares two results, figure by figure, and says which differ beyond the noise.",
            "A and B are result.json files, or with --in two contenders of one file.",
            "Where a file has more than one contender, --contender says whose results are compared.",
            "Ends with 0 whatever it finds, unless --fail-on-worse is given."
        },
        mixinStandardHelpOptions = true)
final class CompareCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "A")
    private String first = "";

    @Parameters(index = "1", paramLabel = "B")
    private String second = "";

    @Option(names = "--in", paramLabel = "FILE", description = "A result.json in which A and B are contenders.")
    private @Nullable Path in;

    @Option(
            names = "--contender",
            paramLabel = "WHO",
            description = "Whose results of the files A and B are compared; not beside --in.")
    private @Nullable String contender;

    @Option(
            names = "--record",
            paramLabel = "CSV",
            description =
                    "Adds B's figures to this file, which may be new: date, name, scenario, figure, median, rounds.")
    private @Nullable Path record;

    @Option(
            names = "--fail-on-worse",
            description =
                    "Ends with 1 where a figure of B is worse, beyond the noise. Needs three rounds of each; then chance alone"
                            + " makes up to one figure in twenty worse, with five rounds one in 250.")
    private boolean failOnWorse;

    /** Picocli's own takes its place. */
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        if (in != null && contender != null) {
            throw new ParameterException(spec.commandLine(), "With --in, A and B are the contenders.");
        }
        List<Comparison.Row> rows = Comparison.of(results(first), results(second));
        if (rows.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "A and B have no scenario in common.");
        }
        PrintWriter out = spec.commandLine().getOut();
        tell(rows, out);
        if (record != null) {
            FiguresCsv.add(record, LocalDate.now(ZoneOffset.UTC), second, rows);
        }
        return failOnWorse ? judge(rows) : ExitCode.OK;
    }

    private static void tell(List<Comparison.Row> rows, PrintWriter out) {
        out.printf("%-18s %-16s %12s %12s %7s  %s%n", "scenario", "figure", "A", "B", "B/A", "B is");
        rows.forEach(row -> out.printf(
                Locale.ROOT,
                "%-18s %-16s %,12.1f %,12.1f %7.2f  %s%n",
                row.scenario(),
                row.figure(),
                row.first(),
                row.second(),
                row.ratio(),
                words(row)));
        out.flush();
    }

    /** 1 where a figure is worse; that nobody can tell must not pass for none being worse. */
    private int judge(List<Comparison.Row> rows) {
        if (rows.stream().anyMatch(row -> row.finding() == Comparison.Finding.UNKNOWN)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--fail-on-worse needs " + Comparison.LEAST_ROUNDS + " rounds of A and of B; there are fewer.");
        }
        return rows.stream().anyMatch(Comparison.Row::worse) ? ExitCode.SOFTWARE : ExitCode.OK;
    }

    private List<Result> results(String name) throws IOException {
        Path file = in == null ? Path.of(name) : in;
        if (!Files.isRegularFile(file)) {
            throw new ParameterException(spec.commandLine(), "No file: " + file);
        }
        List<Result> all = Results.read(file);
        Set<String> contenders = all.stream().map(Result::contender).collect(Collectors.toCollection(TreeSet::new));
        String wanted = in == null ? contender : name;
        if (wanted == null) {
            requireOne(contenders, file);
            return all;
        }
        if (!contenders.contains(wanted)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "No contender " + wanted + " in " + file + "; there are " + String.join(", ", contenders) + ".");
        }
        return all.stream().filter(result -> result.contender().equals(wanted)).toList();
    }

    /** The middle of several contenders' figures is nobody's, and their spread hides every difference. */
    private void requireOne(Set<String> contenders, Path file) {
        if (contenders.size() > 1) {
            throw new ParameterException(
                    spec.commandLine(),
                    file + " has the results of " + String.join(", ", contenders)
                            + ": say whose by --contender, or compare two of them by --in.");
        }
    }

    private static String words(Comparison.Row row) {
        return switch (row.finding()) {
            case SAME -> "the same, within the noise";
            case HIGHER -> row.worse() ? "HIGHER, worse" : "HIGHER";
            case LOWER -> row.worse() ? "LOWER, worse" : "LOWER";
            case UNKNOWN -> "(fewer than 3 rounds)";
        };
    }
}
