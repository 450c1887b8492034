package org.mediawiki.jobqueue.changeprop.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.StreamSupport;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mediawiki.jobqueue.changeprop.ledger.Ending;
import org.mediawiki.jobqueue.changeprop.topic.Topics;

/** The balance law of SPEC guarantee 9, as a scrape sees it. */
class RecordAccountsTest {

    private static final List<String> TYPES = List.of("a", "b");

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Pages pages = new Pages();
    private final QueueMetrics metrics = new QueueMetrics(registry, pages, "cpjobqueue");
    private final RecordAccounts accounts = metrics.accounts("main", new Topics("eqiad", "cpjobqueue"));

    @ParameterizedTest
    @MethodSource("seeds")
    void everyScrapeBalances(long seed) {
        Random random = new Random(seed);
        List<TopicPartition> open = new ArrayList<>();
        for (int step = 0; step < 500; step++) {
            int dice = random.nextInt(10);
            if (dice < 5) {
                TopicPartition partition = anyPartition(random);
                accounts.polled(partition);
                open.add(partition);
            } else if (dice < 6) {
                accounts.passed(anyPartition(random));
            } else if (!open.isEmpty()) {
                Ending[] endings = Ending.values();
                accounts.settled(open.remove(random.nextInt(open.size())), endings[random.nextInt(endings.length)]);
            }
            if (random.nextInt(3) == 0) {
                accounts.publish(Map.of());
            }
            checkBalance();
        }
        accounts.publish(Map.of());
        assertThat(sum("jobqueue.records.open")).isEqualTo(open.size());
    }

    @Test
    void aScrapeSeesOneMomentUntilTheNextIsPublished() {
        TopicPartition partition = new TopicPartition("eqiad.mediawiki.job.a", 0);
        accounts.polled(partition);
        accounts.publish(Map.of());
        accounts.settled(partition, Ending.DONE);
        assertThat(of("jobqueue.records.open", "a")).isEqualTo(1);
        accounts.publish(Map.of());
        assertThat(of("jobqueue.records.open", "a")).isZero();
    }

    /** Somebody else looks at the same time, or this page's own refresh comes too late for it. */
    @Test
    void nothingChangesInTheMidstOfAPage() {
        TopicPartition partition = new TopicPartition("eqiad.mediawiki.job.a", 0);
        accounts.polled(partition);
        accounts.publish(Map.of());

        double open = pages.read(() -> {
            accounts.settled(partition, Ending.DONE);
            accounts.publish(Map.of());
            return of("jobqueue.records.open", "a");
        });

        assertThat(open).isEqualTo(1);
        accounts.publish(Map.of());
        assertThat(of("jobqueue.records.open", "a")).isZero();
    }

    @Test
    void aTypeThatTheConfigurationNamesLaterTakesWhatIsOpenAlong() {
        for (int i = 0; i < QueueMetrics.MOST_TYPES; i++) {
            accounts.polled(new TopicPartition("eqiad.mediawiki.job.other-" + i, 0));
        }
        TopicPartition late = new TopicPartition("eqiad.mediawiki.job.late", 0);
        accounts.polled(late);
        accounts.polled(late);
        accounts.settled(late, Ending.DONE);
        accounts.publish(Map.of());
        assertThat(of("jobqueue.records.open", BoundedLabel.OTHER)).isEqualTo(1);

        metrics.keep(List.of("late"));
        accounts.publish(Map.of());
        accounts.settled(late, Ending.DEAD);
        accounts.publish(Map.of());

        assertThat(of("jobqueue.records.polled", "late")).isEqualTo(1);
        assertThat(of("jobqueue.records.open", "late")).isZero();
        assertThat(of("jobqueue.records.open", BoundedLabel.OTHER)).isZero();
        assertThat(of("jobqueue.records.polled", BoundedLabel.OTHER)).isEqualTo(2);
        assertThat(sum("jobqueue.records.polled"))
                .isEqualTo(sum("jobqueue.records.ended") + sum("jobqueue.records.open"));
    }

    @Test
    void theLagIsWhatIsOpenAndWhatWasNotPolled() {
        TopicPartition main = new TopicPartition("eqiad.mediawiki.job.a", 0);
        TopicPartition retry = new TopicPartition("eqiad.cpjobqueue.retry.mediawiki.job.a", 0);
        accounts.polled(main);
        accounts.polled(main);
        accounts.settled(main, Ending.DONE);

        accounts.publish(Map.of(main, 40L, retry, 2L));
        assertThat(of("jobqueue.lag.jobs", "a")).isEqualTo(1 + 42);

        accounts.publish(Map.of());
        assertThat(of("jobqueue.lag.jobs", "a")).isEqualTo(1);
    }

    @Test
    void retriesAreCountedWithTheirType() {
        accounts.polled(new TopicPartition("eqiad.cpjobqueue.retry.mediawiki.job.a", 0));
        accounts.polled(new TopicPartition("eqiad.mediawiki.job.a", 0));
        accounts.publish(Map.of());
        assertThat(of("jobqueue.records.polled", "a")).isEqualTo(2);
    }

    static LongStream seeds() {
        return LongStream.range(0, 20);
    }

    private static TopicPartition anyPartition(Random random) {
        String retry = random.nextBoolean() ? "cpjobqueue.retry." : "";
        String type = TYPES.get(random.nextInt(TYPES.size()));
        return new TopicPartition("eqiad." + retry + "mediawiki.job." + type, random.nextInt(3));
    }

    private void checkBalance() {
        for (String type : TYPES) {
            double ended = 0;
            for (Ending ending : Ending.values()) {
                ended += of("jobqueue.records.ended", type, ending.name().toLowerCase(Locale.ROOT));
            }
            assertThat(of("jobqueue.records.polled", type)).isEqualTo(ended + of("jobqueue.records.open", type));
        }
    }

    private double sum(String name) {
        return TYPES.stream().mapToDouble(type -> of(name, type)).sum();
    }

    private double of(String name, String type) {
        return value(name, Tags.of("lane", "main", "type", type));
    }

    private double of(String name, String type, String ending) {
        return value(name, Tags.of("lane", "main", "type", type, "ending", ending));
    }

    private double value(String name, Tags tags) {
        return registry.find(name).tags(tags).meters().stream()
                .flatMap(meter -> StreamSupport.stream(meter.measure().spliterator(), false))
                .mapToDouble(measurement -> measurement.getValue())
                .sum();
    }
}
