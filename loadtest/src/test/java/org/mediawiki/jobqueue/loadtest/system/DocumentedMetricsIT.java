package org.mediawiki.jobqueue.loadtest.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mediawiki.jobqueue.loadtest.standin.Behaviour.status;
import static org.mediawiki.jobqueue.loadtest.standin.JobMatch.firstAttempts;
import static org.mediawiki.jobqueue.loadtest.standin.JobMatch.type;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.mediawiki.jobqueue.changeprop.app.Service;
import org.mediawiki.jobqueue.loadtest.generate.JobEvents;
import org.mediawiki.jobqueue.loadtest.generate.JobShape;
import org.mediawiki.jobqueue.loadtest.observe.Promtool;

/** {@code docs/metrics.md} says what each metric means, and nothing of any that there is not. */
final class DocumentedMetricsIT {

    private static final Path PAGE = Path.of("..", "docs", "metrics.md");

    /** {@code | `name` | type | unit | labels | meaning |}. */
    private static final Pattern ROW =
            Pattern.compile("(?m)^\\| `(\\w+)` \\|([^|\\n]+)\\|([^|\\n]*)\\|([^|\\n]*)\\|.*$");

    private static final Pattern NEED_NOT_HAPPEN = Pattern.compile("jobqueue_\\w+_breaker_(?:openings|failures)_total");

    private static final Setup SETUP =
            Setup.lanes("main: {target: mw-jobrunner}").withKeys("""
            retry: {limit: 1, delay: 50ms, factor: 1}
            intake: {enabled: true, port: 0}
            """);

    private final JobEvents events = new JobEvents(1, Clock.systemUTC());

    @Test
    void everyMetricOfARunningServiceIsDocumentedAndEveryDocumentedOneIsThere() throws IOException {
        Map<String, Scrape.Family> documented = documented();
        try (TestBed bed = new TestBed()) {
            Service service = everythingHappens(bed);

            await().atMost(TestBed.PATIENCE)
                    .pollInterval(Duration.ofMillis(200))
                    .untilAsserted(() -> {
                        Map<String, Scrape.Family> present = metrics(bed.scrape(service));
                        assertThat(present).containsAllEntriesOf(withoutWhatNeedNotHappen(documented));
                        assertThat(documented).containsAllEntriesOf(present);
                    });
            Scrape last = bed.scrape(service);
            assertThat(last.sumsBy("client", "jobqueue_kafka_producer_connections")
                            .keySet())
                    .as("every part that writes to Kafka")
                    .containsExactlyInAnyOrder(
                            "lane", "scheduler", "intake", "fleet", "control", "operations", "orders")
                    .allSatisfy(client -> assertThat(Files.readString(PAGE)).contains("`" + client + "` ("));
            assertThat(last.sum("jobqueue_scheduler_store_bytes")).isPositive();
            assertThat(last.sum("jobqueue_scheduler_disk_free_bytes"))
                    .isPositive()
                    .isLessThanOrEqualTo(last.sum("jobqueue_scheduler_disk_size_bytes"));
        }
    }

    @Test
    void promtoolFindsNothingWrongWithThem() throws IOException {
        try (TestBed bed = new TestBed()) {
            Service service = everythingHappens(bed);
            Map<String, Scrape.Family> documented = withoutWhatNeedNotHappen(documented());
            await().atMost(TestBed.PATIENCE)
                    .until(() -> metrics(bed.scrape(service)).keySet().containsAll(documented.keySet()));

            Promtool.Result lint = Promtool.run(bed.admin(service, "/metrics").body(), "check", "metrics");

            assertThat(lint.output().lines().filter(line -> !isLegacy(line))).isEmpty();
            assertThat(lint.output()).doesNotContain("error while linting");
        }
    }

    /** A job that is done, one that is retried, one that is dead, one that waits, and a record that is no job. */
    private Service everythingHappens(TestBed bed) {
        bed.createTopics("refreshLinks");
        bed.runner()
                .on(type("refreshLinks").and(firstAttempts(1)))
                .answerTimes(1, status(500))
                .thenTimes(1, status(404));
        Service service = bed.start(SETUP);
        bed.producer().produceTombstone(bed.topic("refreshLinks"));
        bed.produce(events.next(3, JobShape.of("refreshLinks")));
        bed.produce(events.next(
                JobShape.of("refreshLinks").withDelayUntil(Instant.now().plus(Duration.ofHours(1)))));
        bed.awaitEnded("refreshLinks", 4);
        assertThat(TestBed.get(service.intakePort().orElseThrow(), "/nowhere").statusCode())
                .as("the intake counts requests that are mistaken, too")
                .isEqualTo(404);
        return service;
    }

    /** Breakers count what opens them when it happens first; here nothing is that sick. */
    private static Map<String, Scrape.Family> withoutWhatNeedNotHappen(Map<String, Scrape.Family> documented) {
        Map<String, Scrape.Family> rest = new TreeMap<>(documented);
        assertThat(rest.keySet().removeIf(NEED_NOT_HAPPEN.asMatchPredicate())).isTrue();
        return rest;
    }

    /** The legacy service's names are not ours to choose: they stand for seconds, counters and gauges alike. */
    private static boolean isLegacy(String line) {
        return line.startsWith("cpjobqueue_");
    }

    /** The metrics without the maxima that summaries and histograms have beside them, which the page tells of once. */
    private static Map<String, Scrape.Family> metrics(Scrape scrape) {
        Map<String, Scrape.Family> all = new TreeMap<>(scrape.families());
        all.keySet().removeIf(name -> name.endsWith("_max") && all.containsKey(name.replaceFirst("_max$", "")));
        return all;
    }

    private static Map<String, Scrape.Family> documented() throws IOException {
        return ROW.matcher(Files.readString(PAGE))
                .results()
                .collect(Collectors.toMap(
                        row -> row.group(1),
                        row -> new Scrape.Family(
                                row.group(2).strip(),
                                Arrays.stream(row.group(4).replace("`", "").split(",", -1))
                                        .map(String::strip)
                                        .filter(label -> !label.isEmpty())
                                        .collect(Collectors.toCollection(TreeSet::new))),
                        (one, twice) -> {
                            throw new AssertionError("documented twice: " + twice);
                        },
                        TreeMap::new));
    }
}
