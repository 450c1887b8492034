package org.mediawiki.jobqueue.loadtest.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A line of the service's log.
 *
 * @param text with {@code ...} for what differs from one time to the next
 */
record LogLine(String level, String text) {

    /** As the pages quote it: {@code WARN `Lost ... partitions`}. */
    private static final Pattern QUOTED = Pattern.compile("\\b(ERROR|WARN|INFO) `([^`]+)`");

    /** As the sources write it: the message is one literal, the first argument. */
    private static final Pattern WRITTEN = Pattern.compile("\\bLOG\\.(error|warn|info)\\(\\s*\"([^\"]+)\"");

    static List<LogLine> quotedBy(Page page) {
        return in(page.text(), QUOTED);
    }

    /** Every line that the service can write. */
    static List<LogLine> ofTheService() throws IOException {
        try (Stream<Path> jobrunner = Files.walk(Page.REPOSITORY.resolve("jobrunner/src/main/java"));
                Stream<Path> changeprop = Files.walk(Page.REPOSITORY.resolve("changeprop/src/main/java"))) {
            return Stream.concat(jobrunner, changeprop)
                    .filter(file -> file.toString().endsWith(".java"))
                    .flatMap(file -> in(read(file), WRITTEN).stream())
                    .toList();
        }
    }

    private static List<LogLine> in(String text, Pattern pattern) {
        return pattern.matcher(text)
                .results()
                .map(line -> new LogLine(
                        line.group(1).toUpperCase(Locale.ROOT), line.group(2).replace("{}", "...")))
                .toList();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
