package org.mediawiki.jobqueue.changeprop.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mediawiki.jobqueue.changeprop.config.KafkaConfigs;
import org.mediawiki.jobqueue.changeprop.embedded.EmbeddedKafka;
import org.mediawiki.jobqueue.changeprop.embedded.EmbeddedKafkaOptions;
import org.mediawiki.jobqueue.changeprop.intake.Examined.Good;
import org.mediawiki.jobqueue.changeprop.kafka.Answers;
import org.mediawiki.jobqueue.changeprop.kafka.KafkaClients;
import org.mediawiki.jobqueue.changeprop.publish.OwnTopics;
import org.mediawiki.jobqueue.changeprop.topic.Topics;

/** What the store does with topics, of a real broker. */
class KafkaStoreIT {

    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final int MOST_NEW_TOPICS = 2;
    private static final List<String> PRESENT = List.of("eqiad.mediawiki.job.present1", "eqiad.mediawiki.job.present2");
    private static final List<String> MADE_UP =
            List.of("eqiad.mediawiki.job.madeUp1", "eqiad.mediawiki.job.madeUp2", "eqiad.mediawiki.job.madeUp3");

    @TempDir
    private Path folder;

    private EmbeddedKafka kafka;
    private Admin admin;
    private KafkaStore store;

    @BeforeEach
    void start() throws IOException {
        EmbeddedKafkaOptions options = EmbeddedKafkaOptions.in(folder);
        kafka = EmbeddedKafka.start(options.withTopics(options.topics().withAutoCreate(false)));
        KafkaClients clients = new KafkaClients(KafkaConfigs.of(kafka.bootstrapServers(), 1), "test");
        admin = clients.admin();
        OwnTopics topics = new OwnTopics(admin, new Topics("eqiad", "cpjobqueue"), 1, (short) 1);
        store = new KafkaStore(clients.producerWithin(PATIENCE), topics, (topic, partition) -> {}, MOST_NEW_TOPICS);
    }

    @AfterEach
    void stop() {
        store.close();
        admin.close(Duration.ofSeconds(1));
        kafka.close();
    }

    @Test
    void topicsThatAreThereAreWrittenToHoweverManyWereMadeUp() {
        List<NewTopic> present =
                PRESENT.stream().map(topic -> new NewTopic(topic, 1, (short) 1)).toList();
        Answers.await(admin.createTopics(present).all());

        Map<Integer, Optional<String>> faults =
                put(List.of(PRESENT.get(0), MADE_UP.get(0), MADE_UP.get(1), MADE_UP.get(2), PRESENT.get(1)));

        assertThat(faults)
                .as("two that are there, and two that were created")
                .containsEntry(0, Optional.empty())
                .containsEntry(1, Optional.empty())
                .containsEntry(2, Optional.empty())
                .containsEntry(4, Optional.empty())
                .hasEntrySatisfying(3, fault -> assertThat(fault.orElse("")).contains("not written", MADE_UP.get(2)));
        assertThat(Answers.await(admin.listTopics().names()))
                .containsAll(MADE_UP.subList(0, MOST_NEW_TOPICS))
                .doesNotContain(MADE_UP.get(2));
    }

    /** What became of an event for each of the topics, by its place. */
    private Map<Integer, Optional<String>> put(List<String> topics) {
        Map<Integer, Optional<String>> faults = new ConcurrentHashMap<>();
        List<Good> events = topics.stream()
                .map(topic -> new Good(topic, Buffer.buffer("{}")))
                .toList();
        store.put(events, () -> true, faults::put);
        await().atMost(PATIENCE).until(() -> faults.size() == events.size());
        return faults;
    }
}
