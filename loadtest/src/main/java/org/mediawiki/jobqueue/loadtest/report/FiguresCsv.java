package org.mediawiki.jobqueue.loadtest.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A file that figures are added to, a line each, so that they can be looked at over time. */
public final class FiguresCsv {

    /** Columns come to the right of those that there are: readers go by position. */
    static final String HEADER = "date,commit,scenario,figure,median,rounds";

    private FiguresCsv() {}

    /**
     * Adds the figures of the second side; a file that is new or empty begins with a line that names the columns.
     *
     * @param date when they were measured
     * @param name of the second side, such as a commit
     * @throws IOException where it cannot be written
     */
    public static void add(Path file, LocalDate date, String name, List<Comparison.Row> rows) throws IOException {
        List<String> lines = new ArrayList<>();
        if (Files.notExists(file) || Files.size(file) == 0) {
            lines.add(HEADER);
        }
        rows.stream().map(row -> line(date, name, row)).forEach(lines::add);
        Files.write(file, lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private static String line(LocalDate date, String name, Comparison.Row row) {
        return String.format(
                Locale.ROOT,
                "%s,%s,%s,%s,%.2f,%d",
                date,
                name,
                row.scenario(),
                row.figure(),
                row.second(),
                row.rounds());
    }
}
