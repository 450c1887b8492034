package org.mediawiki.jobqueue.loadtest.system;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One answer of {@code /metrics}. */
final class Scrape {

    private static final Pattern SAMPLE = Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)})? (\\S+)");

    private final List<Sample> samples;

    private record Sample(String name, String labels, double value) {}

    private Scrape(List<Sample> samples) {
        this.samples = samples;
    }

    static Scrape of(String text) {
        return new Scrape(text.lines()
                .filter(line -> !line.startsWith("#"))
                .map(SAMPLE::matcher)
                .filter(Matcher::matches)
                .map(sample -> new Sample(
                        sample.group(1),
                        sample.group(2) == null ? "" : sample.group(2),
                        Double.parseDouble(sample.group(3))))
                .toList());
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
