package org.mediawiki.jobqueue.changeprop.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mediawiki.jobqueue.changeprop.embedded.EmbeddedKafka;
import org.mediawiki.jobqueue.changeprop.embedded.EmbeddedKafkaOptions;
import org.mediawiki.jobqueue.changeprop.kafka.Answers;

/** Whose transactions are ended, and whose are not, against a real broker. */
final class AbandonedTransactionsIT {

    private static final String APPLICATION = "eqiad.cpjobqueue.scheduler";
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final String TOPIC = "released";

    @TempDir
    private static Path kafkaFolder;

    private static EmbeddedKafka kafka;
    private static Admin admin;

    @TempDir
    private Path folder;

    private final ProcessIds processes = new ProcessIds(APPLICATION);
    private final List<AutoCloseable> opened = new ArrayList<>();

    @BeforeAll
    static void start() throws IOException {
        kafka = EmbeddedKafka.start(EmbeddedKafkaOptions.in(kafkaFolder));
        admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
        Answers.await(
                admin.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1))).all());
    }

    @AfterAll
    static void stop() {
        admin.close(Duration.ofSeconds(1));
        kafka.close();
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable closeable : opened) {
            closeable.close();
        }
    }

    @Test
    void endsThoseOfWhoHasLeftTheGroupAndNoOthers() throws IOException {
        join("here-scheduler-StreamThread-1-consumer");
        String ofMember = begin(idOf("here-scheduler"));
        String ofTheDead = begin(idOf("gone-scheduler"));
        String ofAnotherVersion = begin(UUID.randomUUID());
        assertThat(open()).contains(ofMember, ofTheDead, ofAnotherVersion);

        new AbandonedTransactions(admin, APPLICATION).end();

        await().atMost(PATIENCE).until(() -> !open().contains(ofTheDead));
        assertThat(open()).contains(ofMember, ofAnotherVersion);
    }

    @Test
    void theIdIsWhereStreamsLooksForItAndTheSameForEverybody() throws IOException {
        UUID id = idOf("here-scheduler");

        assertThat(idOf("here-scheduler")).isEqualTo(id);
        assertThat(idOf("gone-scheduler")).isNotEqualTo(id);
        assertThat(processes.ofTransactions(APPLICATION + "-" + id + "-1")).contains(id);
        assertThat(processes.ofTransactions("another.scheduler-" + id + "-1")).isEmpty();
        assertThat(processes.ofTransactions(APPLICATION + "-none")).isEmpty();
        assertThat(processes.ofTransactions(APPLICATION)).isEmpty();
    }

    /** As it stands in the file that Streams reads. */
    private UUID idOf(String clientId) throws IOException {
        processes.settle(folder, clientId);
        String json = Files.readString(folder.resolve(APPLICATION).resolve("kafka-streams-process-metadata"));
        return UUID.fromString(json.replaceAll(".*:\"(.*)\".*", "$1"));
    }

    private void join(String clientId) {
        KafkaConsumer<byte[], byte[]> member = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers", kafka.bootstrapServers(),
                        "group.id", APPLICATION,
                        "client.id", clientId),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        opened.add(member);
        member.subscribe(Set.of(TOPIC));
        await().atMost(PATIENCE).until(() -> {
            member.poll(Duration.ofMillis(100));
            return !member.assignment().isEmpty();
        });
    }

    /** Leaves a transaction open, as who is killed does. */
    private String begin(UUID process) {
        String id = APPLICATION + "-" + process + "-1";
        KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "transactional.id", id),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        opened.add(() -> producer.close(Duration.ZERO));
        producer.initTransactions();
        producer.beginTransaction();
        try {
            producer.send(new ProducerRecord<>(TOPIC, new byte[] {1})).get();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
        return id;
    }

    private static List<String> open() {
        return Answers.await(admin.listTransactions(
                                new ListTransactionsOptions().filterStates(Set.of(TransactionState.ONGOING)))
                        .all())
                .stream()
                .map(TransactionListing::transactionalId)
                .toList();
    }
}
