package org.mediawiki.jobqueue.loadtest.system;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** One answer of {@code /metrics}. */
final class Scrape {

    private static final Pattern SAMPLE = Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)})? (\\S+)");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final Pattern TYPE = Pattern.compile("(?m)^# TYPE (\\S+) (\\S+)$");

    /** What histograms and summaries add to a name for their parts, and to the labels. */
    private static final Pattern PART = Pattern.compile("_(bucket|sum|count)$");

    private static final Set<String> LABELS_OF_PARTS = Set.of("le", "quantile");

    private final List<Sample> samples;
    private final Map<String, String> types;

    private record Sample(String name, String labels, double value) {

        Set<String> labelNames() {
            return LABEL.matcher(labels)
                    .results()
                    .map(label -> label.group(1))
                    .filter(name -> !LABELS_OF_PARTS.contains(name))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    /**
     * A metric with all its samples.
     *
     * @param type as Prometheus calls it
     * @param labels the names of all labels that its samples have
     */
    record Family(String type, Set<String> labels) {}

    private Scrape(List<Sample> samples, Map<String, String> types) {
        this.samples = samples;
        this.types = types;
    }

    static Scrape of(String text) {
        Map<String, String> types = TYPE.matcher(text)
                .results()
                .collect(Collectors.toMap(type -> type.group(1), (MatchResult type) -> type.group(2)));
        return new Scrape(
                text.lines()
                        .filter(line -> !line.startsWith("#"))
                        .map(SAMPLE::matcher)
                        .filter(Matcher::matches)
                        .map(sample -> new Sample(
                                sample.group(1),
                                sample.group(2) == null ? "" : sample.group(2),
                                Double.parseDouble(sample.group(3))))
                        .toList(),
                types);
    }

    /** The metrics by name. */
    Map<String, Family> families() {
        Map<String, Family> families = new TreeMap<>();
        for (Sample sample : samples) {
            String base = PART.matcher(sample.name()).replaceFirst("");
            String name = types.containsKey(sample.name()) ? sample.name() : base;
            families.computeIfAbsent(name, n -> new Family(types.getOrDefault(n, "untyped"), new TreeSet<>()))
                    .labels()
                    .addAll(sample.labelNames());
        }
        return families;
    }

    /** The sums of the samples of this name, by the value of one of their labels. */
    Map<String, Double> sumsBy(String label, String name) {
        Map<String, Double> sums = new HashMap<>();
        for (Sample sample : samples) {
            if (sample.name().equals(name)) {
                LABEL.matcher(sample.labels())
                        .results()
                        .filter(found -> found.group(1).equals(label))
                        .forEach(found -> sums.merge(found.group(2), sample.value(), Double::sum));
            }
        }
        return sums;
    }

    /** The sum of the samples of this name that have all of the labels, each as {@code name="value"}. */
    double sum(String name, String... labels) {
        return samples.stream()
                .filter(sample -> sample.name().equals(name) && hasAll(sample, labels))
                .mapToDouble(Sample::value)
                .sum();
    }

    /** Whether there is such a sample. */
    boolean has(String name, String... labels) {
        return samples.stream().anyMatch(sample -> sample.name().equals(name) && hasAll(sample, labels));
    }

    private static boolean hasAll(Sample sample, String... labels) {
        return Arrays.stream(labels).allMatch(sample.labels()::contains);
    }
}
