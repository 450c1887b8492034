package org.mediawiki.jobqueue.loadtest.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Results as a table in Markdown: a line for each scenario and contender, the median of its rounds, and how many promises
 * were broken.
 */
public final class SummaryTable {

    private SummaryTable() {}

    /** The table, without the columns for which no result has a figure. */
    public static String of(List<Result> results) {
        List<Figure> figures = new ArrayList<>();
        for (Figure figure : Figure.ALL) {
            if (figure.of(results).length > 0) {
                figures.add(figure);
            }
        }
        List<String> lines = new ArrayList<>();
        lines.add(line(
                "scenario", "contender", figures.stream().map(Figure::label).toList(), "broken promises"));
        lines.add("|---".repeat(figures.size() + 3) + "|");
        results.stream().map(SummaryTable::key).distinct().forEach(key -> {
            List<Result> rounds =
                    results.stream().filter(result -> key(result).equals(key)).toList();
            lines.add(line(
                    key.scenario(),
                    key.contender(),
                    figures.stream().map(figure -> told(figure, rounds)).toList(),
                    Long.toString(broken(rounds))));
        });
        return String.join("\n", lines) + "\n";
    }

    private record Key(String scenario, String contender) {}

    private static Key key(Result result) {
        return new Key(result.scenario(), result.contender());
    }

    private static String told(Figure figure, List<Result> rounds) {
        double[] values = figure.of(rounds);
        return values.length == 0 ? "" : String.format(Locale.ROOT, figure.format(), Figure.median(values));
    }

    private static long broken(List<Result> rounds) {
        return rounds.stream()
                .flatMap(result -> result.checks().stream())
                .filter(check -> !check.held())
                .count();
    }

    private static String line(String scenario, String contender, List<String> cells, String last) {
        return "| " + scenario + " | " + contender + " | " + String.join(" | ", cells) + " | " + last + " |";
    }
}
