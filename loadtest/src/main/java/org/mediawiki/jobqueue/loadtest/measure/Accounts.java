package org.mediawiki.jobqueue.loadtest.measure;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Asks every instance once a second for its metrics, and looks whether they account for every record:
 * {@code polled = done + retried + scheduled + dead + skipped + released + open}, for each job type (SPEC guarantee 9). An instance
 * that does not answer within a second is passed over. A thread of its own writes, whoever asks after {@link #end} reads.
 */
final class Accounts {

    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final int MOST_EXAMPLES = 5;

    private static final String POLLED = "jobqueue_records_polled_total";
    private static final String ENDED = "jobqueue_records_ended_total";
    private static final String OPEN = "jobqueue_records_open";
    private static final Pattern SAMPLE = Pattern.compile(
            "^(" + POLLED + "|" + ENDED + "|" + OPEN + ")\\{(?:[^}]*,)?type=\"([^\"]*)\"[^}]*} (\\S+)$",
            Pattern.MULTILINE);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(INTERVAL)
            .build();
    private final List<URI> pages;
    private final Thread thread = new Thread(this::run, "accounts");
    private final List<String> examples = new ArrayList<>();
    private long looks;
    private long wrong;

    /**
     * What was seen.
     *
     * @param looks at an instance each
     * @param wrong of those, how many did not account for every record
     * @param examples what a few of those said
     */
    record Tally(long looks, long wrong, List<String> examples) {

        /** Nobody looked. */
        static final Tally NONE = new Tally(0, 0, List.of());

        /** There was nothing to look at: the contender has no metrics of this kind. */
        static final Tally NOT_ASKED = new Tally(-1, 0, List.of());
    }

    /** {@code pages} are the metrics of the instances, also of those that do not run yet. */
    Accounts(List<URI> pages) {
        this.pages = List.copyOf(pages);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    void end() throws InterruptedException {
        thread.interrupt();
        thread.join();
    }

    Tally tally() {
        return new Tally(looks, wrong, List.copyOf(examples));
    }

    private void run() {
        try {
            while (true) {
                for (URI page : pages) {
                    look(page);
                }
                Thread.sleep(INTERVAL.toMillis());
            }
        } catch (InterruptedException e) {
            // It is over.
        }
    }

    private void look(URI page) throws InterruptedException {
        try {
            HttpRequest request = HttpRequest.newBuilder(page).timeout(INTERVAL).build();
            add(http.send(request, BodyHandlers.ofString()).body());
        } catch (IOException absent) {
            // It is not running, or stands still.
        }
    }

    /** Adds what an instance said. A type that has just appeared may not have all of its meters yet; what is missing is 0. */
    void add(String metrics) {
        Map<String, Map<String, Double>> byType = new TreeMap<>();
        Matcher samples = SAMPLE.matcher(metrics);
        while (samples.find()) {
            byType.computeIfAbsent(samples.group(2), type -> new TreeMap<>())
                    .merge(samples.group(1), Double.parseDouble(samples.group(3)), Double::sum);
        }
        if (byType.isEmpty()) {
            return;
        }
        looks++;
        List<String> unaccounted = byType.entrySet().stream()
                .filter(type -> !isBalanced(type.getValue()))
                .map(Object::toString)
                .toList();
        if (!unaccounted.isEmpty()) {
            wrong++;
            unaccounted.stream().limit(MOST_EXAMPLES - examples.size()).forEach(examples::add);
        }
    }

    private static boolean isBalanced(Map<String, Double> counts) {
        double open = counts.getOrDefault(OPEN, 0.0);
        return open >= 0 && counts.getOrDefault(POLLED, 0.0) == counts.getOrDefault(ENDED, 0.0) + open;
    }
}
