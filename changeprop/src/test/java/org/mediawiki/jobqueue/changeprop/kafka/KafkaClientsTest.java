package org.mediawiki.jobqueue.changeprop.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Map;
import javax.management.JMException;
import javax.management.ObjectName;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mediawiki.jobqueue.changeprop.assign.Plan;
import org.mediawiki.jobqueue.changeprop.assign.Strays;
import org.mediawiki.jobqueue.changeprop.config.KafkaConfig;
import org.mediawiki.jobqueue.changeprop.config.load.ConfigurationLoader;
import org.mediawiki.jobqueue.changeprop.config.load.LoadResult;
import org.mediawiki.jobqueue.runner.FakeTime;

/** What the loader says of a combination of properties, the client itself says too: no sooner, and no later. */
class KafkaClientsTest {

    private static final String LOADED = """
            kafka: {bootstrap_servers: ['localhost:1'], %s: {%s}}
            targets: {runner: {uri: 'https://runner.example.org/'}}
            """;

    @ParameterizedTest
    @CsvSource({
        "delivery.timeout.ms: 10005,true",
        "delivery.timeout.ms: 10004,false",
        "max.in.flight.requests.per.connection: 5,true",
        "max.in.flight.requests.per.connection: 6,false",
    })
    void producersTakeWhatTheLoaderTakes(String property, boolean isGood) {
        assertThat(load("producer", property) instanceof LoadResult.Loaded).isEqualTo(isGood);
        KafkaClients clients = clients(Map.of(), pair(property));

        if (isGood) {
            clients.producer().close(Duration.ZERO);
        } else {
            assertThatThrownBy(clients::producer).isInstanceOf(KafkaException.class);
        }
    }

    @ParameterizedTest
    @CsvSource({"heartbeat.interval.ms: 5999,true", "heartbeat.interval.ms: 6000,false"})
    void consumersTakeWhatTheLoaderTakes(String property, boolean isGood) {
        assertThat(load("consumer", property) instanceof LoadResult.Loaded).isEqualTo(isGood);
        KafkaClients clients = clients(pair(property), Map.of());
        Membership membership = new Membership("group", "member", () -> Plan::alone, new Strays(new FakeTime()));

        if (isGood) {
            clients.consumer(membership, Duration.ofSeconds(1), new ByteArrayDeserializer())
                    .close();
        } else {
            assertThatThrownBy(() -> clients.consumer(membership, Duration.ofSeconds(1), new ByteArrayDeserializer()))
                    .isInstanceOf(KafkaException.class);
        }
    }

    /** Of the fleet's topic: notes are waited for five to ten seconds, and a leader may stand still for longer. */
    @Test
    void whoeverIsWaitedForLeavesASilentBrokerInTime() {
        KafkaClients clients = clients(Map.of(), Map.of("request.timeout.ms", "20000"));

        assertThat(clients.promptProperties(Duration.ofSeconds(30)))
                .containsEntry("request.timeout.ms", 3_000)
                .containsEntry("delivery.timeout.ms", 30_000);
        assertThat(clients.promptProperties(Duration.ofSeconds(2))).containsEntry("request.timeout.ms", 1_000);
        assertThat(clients.followerDefaults())
                .containsEntry("metadata.max.age.ms", 3_000)
                .containsEntry("fetch.max.wait.ms", 5_000)
                .containsEntry("request.timeout.ms", 8_000);
        clients.promptProducer(Duration.ofSeconds(30)).close(Duration.ZERO);
        clients.follower().close();
    }

    /** A broker may wait for as long as the file says before it answers, and is silent only after that. */
    @ParameterizedTest
    @CsvSource({"100,3100", "20000,23000", "2147483647,2147483647"})
    void aFollowerLeavesABrokerThreeSecondsAfterItShouldHaveAnswered(String longestWait, int patience) {
        KafkaClients clients = clients(Map.of("fetch.max.wait.ms", longestWait), Map.of());

        assertThat(clients.followerDefaults()).containsEntry("request.timeout.ms", patience);
    }

    /** Each of them costs heap for each partition; whoever wants them says so. */
    @ParameterizedTest
    @CsvSource({"'',false", "'metric.reporters: org.apache.kafka.common.metrics.JmxReporter',true"})
    void clientsKeepTheirCountsForJmxOnlyWhereTheyAreTold(String property, boolean isKept) throws JMException {
        KafkaConfig config = load("client", property)
                .match(loaded -> loaded.configuration().kafka(), refused -> {
                    throw new AssertionError(refused.problems().toString());
                });
        try (Consumer<byte[], byte[]> reader = new KafkaClients(config, "counting").reader()) {
            assertThat(reader.metrics()).isNotEmpty();
            assertThat(ManagementFactory.getPlatformMBeanServer()
                            .queryNames(new ObjectName("kafka.consumer:client-id=counting-reader,*"), null))
                    .satisfies(names -> assertThat(names.isEmpty()).isEqualTo(!isKept));
        }
    }

    private static LoadResult load(String section, String property) {
        return new ConfigurationLoader(Map.of(), file -> true).parse(LOADED.formatted(section, property));
    }

    private static Map<String, String> pair(String property) {
        String[] parts = property.split(": ", 2);
        return Map.of(parts[0], parts[1]);
    }

    /** As no loader would hand it out. */
    private static KafkaClients clients(Map<String, String> consumer, Map<String, String> producer) {
        KafkaConfig good = load("client", "")
                .match(loaded -> loaded.configuration().kafka(), refused -> {
                    throw new AssertionError(refused.problems().toString());
                });
        return new KafkaClients(
                new KafkaConfig(
                        good.bootstrapServers(),
                        good.client(),
                        consumer,
                        producer,
                        good.firstStart(),
                        good.mirrorLegacyOffsets(),
                        good.ownTopics()),
                "test");
    }
}
