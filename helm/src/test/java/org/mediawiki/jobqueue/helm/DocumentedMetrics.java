package org.mediawiki.jobqueue.helm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The metrics of {@code docs/metrics.md}, which are those of the running service: {@code DocumentedMetricsIT} compares.
 *
 * @param all the labels of each
 */
record DocumentedMetrics(Map<String, Set<String>> all) {

    /** {@code | `name` | type | unit | labels | meaning |}. */
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(\\w+)` \\|[^|\\n]+\\|[^|\\n]*\\|([^|\\n]*)\\|.*$");

    /** What histograms and summaries add. */
    private static final Pattern PART = Pattern.compile("_(bucket|sum|count|max)$");

    static DocumentedMetrics read() {
        try {
            String page = Files.readString(Path.of("..", "docs", "metrics.md"));
            return new DocumentedMetrics(ROW.matcher(page)
                    .results()
                    .collect(Collectors.toMap(
                            row -> row.group(1),
                            row -> Arrays.stream(row.group(2).replace("`", "").split(",", -1))
                                    .map(String::strip)
                                    .collect(Collectors.toSet()))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean has(String series) {
        return all.containsKey(series) || all.containsKey(family(series));
    }

    Set<String> labels(String series) {
        return all.getOrDefault(series, all.getOrDefault(family(series), Set.of()));
    }

    private static String family(String series) {
        return PART.matcher(series).replaceFirst("");
    }
}
