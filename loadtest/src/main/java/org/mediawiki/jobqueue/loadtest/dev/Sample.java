package org.mediawiki.jobqueue.loadtest.dev;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** One line of what {@code /metrics} answers. */
record Sample(String name, Map<String, String> labels, double value) {

    private static final Pattern LINE = Pattern.compile("(\\w+)(?:\\{(.*)\\})? (\\S+)");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"((?:[^\"\\\\]|\\\\.)*)\"");

    /** The samples whose names begin with {@code prefix}, from Prometheus' text format. */
    static List<Sample> parse(String text, String prefix) {
        return text.lines()
                .filter(line -> line.startsWith(prefix))
                .flatMap(Sample::ofLine)
                .toList();
    }

    /** The label's value; empty where there is no such label. */
    String label(String label) {
        return labels.getOrDefault(label, "");
    }

    private static Stream<Sample> ofLine(String line) {
        Matcher matcher = LINE.matcher(line);
        if (!matcher.matches()) {
            return Stream.empty();
        }
        Map<String, String> labels = new HashMap<>();
        if (matcher.group(2) != null) {
            LABEL.matcher(matcher.group(2)).results().forEach(label -> labels.put(label.group(1), label.group(2)));
        }
        return Stream.of(new Sample(matcher.group(1), labels, Double.parseDouble(matcher.group(3))));
    }
}
