package org.mediawiki.jobqueue.loadtest.observe;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** As much of Prometheus' query language as it takes to see which metrics a query asks for. */
public final class PromQl {

    /** Metrics of ours and of the process: no function and no label begins like that. */
    private static final Pattern METRIC = Pattern.compile("\\b(?:cpjobqueue|jobqueue|jvm|process|system|logback)_\\w+");

    private static final Pattern STRING = Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\"");
    private static final Pattern PART = Pattern.compile("_(bucket|sum|count|max)$");

    private PromQl() {}

    /** The names of the series that the query asks for. */
    public static Set<String> metrics(String query) {
        return METRIC.matcher(STRING.matcher(query).replaceAll("\"\""))
                .results()
                .map(metric -> metric.group())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The metric that a series belongs to: without what histograms and summaries add. */
    public static String family(String series) {
        return PART.matcher(series).replaceFirst("");
    }
}
