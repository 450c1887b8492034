package org.mediawiki.jobqueue.loadtest.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.mediawiki.jobqueue.loadtest.report.Comparison;
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
            "A and B are result.json files, or with --in two contenders of one file."
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
            names = "--record",
            paramLabel = "CSV",
            description = "Adds B's figures to this file: date, name, scenario, figure, median.")
    private @Nullable Path record;

    /** Picocli's own takes its place. */
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        List<Comparison.Row> rows = Comparison.of(results(first), results(second));
        if (rows.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "A and B have no scenario in common.");
        }
        PrintWriter out = spec.commandLine().getOut();
        out.printf("%-18s %-16s %12s %12s %7s  %s%n", "scenario", "figure", "A", "B", "B/A", "B is");
        rows.forEach(row -> out.printf(
                Locale.ROOT,
                "%-18s %-16s %,12.1f %,12.1f %7.2f  %s%n",
                row.scenario(),
                row.figure(),
                row.first(),
                row.second(),
                row.ratio(),
                words(row.finding())));
        out.flush();
        if (record != null) {
            Files.write(record, lines(rows), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        }
        return ExitCode.OK;
    }

    private List<String> lines(List<Comparison.Row> rows) {
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        return rows.stream()
                .map(row -> String.format(
                        Locale.ROOT, "%s,%s,%s,%s,%.2f", today, second, row.scenario(), row.figure(), row.second()))
                .toList();
    }

    private List<Result> results(String name) throws IOException {
        Path file = in == null ? Path.of(name) : in;
        if (!Files.isRegularFile(file)) {
            throw new ParameterException(spec.commandLine(), "No file: " + file);
        }
        return Results.read(file).stream()
                .filter(result -> in == null || result.contender().equals(name))
                .toList();
    }

    private static String words(Comparison.Finding finding) {
        return switch (finding) {
            case SAME -> "the same, within the noise";
            case HIGHER -> "HIGHER";
            case LOWER -> "LOWER";
            case UNKNOWN -> "(fewer than 3 rounds)";
        };
    }
}
