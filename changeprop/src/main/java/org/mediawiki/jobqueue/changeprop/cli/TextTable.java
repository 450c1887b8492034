package org.mediawiki.jobqueue.changeprop.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Rows under headings, in columns as wide as needed. Columns that say nothing in any row are left out. */
public final class TextTable {

    /** What stands where there is nothing to say. */
    public static final String NOTHING = "-";

    private static final String GAP = "  ";

    private final List<String> headings;
    private final List<List<String>> rows = new ArrayList<>();

    public TextTable(String... headings) {
        this.headings = List.of(headings);
    }

    /** Adds a row; one cell for each heading. */
    public TextTable row(String... cells) {
        rows.add(List.of(cells));
        return this;
    }

    /** The table; each line ends with a line break and has no blanks before it. */
    @Override
    public String toString() {
        List<Integer> columns = IntStream.range(0, headings.size())
                .filter(column -> rows.stream().anyMatch(row -> !row.get(column).equals(NOTHING)))
                .boxed()
                .toList();
        StringBuilder text = new StringBuilder();
        line(text, headings, columns);
        rows.forEach(row -> line(text, row, columns));
        return text.toString();
    }

    private void line(StringBuilder text, List<String> cells, List<Integer> columns) {
        StringBuilder line = new StringBuilder();
        for (int column : columns) {
            String cell = cells.get(column);
            String padding = " ".repeat(width(column) - cell.length());
            line.append(isNumeric(column) ? padding + cell : cell + padding).append(GAP);
        }
        text.append(line.toString().stripTrailing()).append('\n');
    }

    private int width(int column) {
        int widest =
                rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
        return Math.max(widest, headings.get(column).length());
    }

    private boolean isNumeric(int column) {
        return rows.stream().map(row -> row.get(column)).allMatch(cell -> cell.matches("-?[0-9]*"));
    }
}
