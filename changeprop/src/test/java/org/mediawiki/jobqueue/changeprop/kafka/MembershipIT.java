package org.mediawiki.jobqueue.changeprop.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mediawiki.jobqueue.changeprop.assign.Plan;
import org.mediawiki.jobqueue.changeprop.assign.Strays;
import org.mediawiki.jobqueue.changeprop.assign.Unit;
import org.mediawiki.jobqueue.changeprop.config.KafkaConfig;
import org.mediawiki.jobqueue.changeprop.config.KafkaConfigs;
import org.mediawiki.jobqueue.changeprop.embedded.EmbeddedKafka;
import org.mediawiki.jobqueue.changeprop.embedded.EmbeddedKafkaOptions;
import org.mediawiki.jobqueue.runner.FakeTime;

/** Our consumers in a group with a real broker. Topics are named {@code <unit>.<anything>}. */
final class MembershipIT {

    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final String GROUP = "cpjobqueue";
    private static final Plan PLAN = topic -> new Unit(topic.substring(0, topic.indexOf('.')), 10);

    @TempDir
    private Path folder;

    private final List<Consumer<byte[], byte[]>> consumers = new ArrayList<>();
    private EmbeddedKafka kafka;

    @BeforeEach
    void start() throws IOException {
        kafka = EmbeddedKafka.start(EmbeddedKafkaOptions.in(folder));
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            Answers.await(admin.createTopics(IntStream.range(0, 6)
                            .mapToObj(unit -> "u" + unit)
                            .flatMap(unit -> Stream.of(
                                    new NewTopic(unit + ".main", 2, (short) 1),
                                    new NewTopic(unit + ".retry", 2, (short) 1)))
                            .toList())
                    .all());
        }
    }

    @AfterEach
    void stop() {
        consumers.forEach(consumer -> consumer.close(CloseOptions.timeout(Duration.ofSeconds(1))));
        kafka.close();
    }

    @Test
    void unitsStayTogetherAndFollowWhoeverComesAndGoes() {
        Consumer<byte[], byte[]> one = member("one");
        awaitUnits(6);
        Consumer<byte[], byte[]> two = member("two");
        awaitUnits(3, 3);
        Set<String> hadTwo = units(two);

        leave(one);

        awaitUnits(6);
        assertThat(units(two)).containsAll(hadTwo);
    }

    @Test
    void membersOfAVersionWithoutOurAssignorTakePartUntilTheLastOfThemIsGone() {
        Consumer<byte[], byte[]> old = memberOfAnOldVersion();
        Consumer<byte[], byte[]> one = member("one");
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> pollAll()
                        && consumers.stream()
                                .allMatch(consumer -> consumer.assignment().size() == 12));
        member("two");

        leave(old);

        awaitUnits(3, 3);
        assertThat(units(one)).hasSize(3);
    }

    @Test
    void whoComesBackUnderItsNameHasWhatItHadWhileTheOthersNoticeNothing() {
        Consumer<byte[], byte[]> one = member("one");
        Consumer<byte[], byte[]> two = member("two");
        awaitUnits(3, 3);
        Set<TopicPartition> hadOne = one.assignment();
        int generation = two.groupMetadata().generationId();

        Consumer<byte[], byte[]> again = member("one");
        consumers.remove(one);
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> pollAll() && !again.assignment().isEmpty());

        assertThat(again.assignment()).isEqualTo(hadOne);
        assertThat(two.groupMetadata().generationId()).isEqualTo(generation);
        assertThatExceptionOfType(FencedInstanceIdException.class)
                .isThrownBy(() -> await().atMost(PATIENCE)
                        .pollInterval(Duration.ofMillis(10))
                        .until(() -> one.poll(Duration.ofMillis(20)) == null));
        one.close(CloseOptions.timeout(Duration.ZERO));
    }

    private Consumer<byte[], byte[]> member(String name) {
        KafkaConfig config = KafkaConfigs.of(kafka.bootstrapServers(), 1);
        return join(new KafkaClients(config, "test-" + name)
                .consumer(
                        new Membership(GROUP, name, () -> PLAN, new Strays(new FakeTime())),
                        Duration.ofSeconds(30),
                        new ByteArrayDeserializer()));
    }

    private Consumer<byte[], byte[]> memberOfAnOldVersion() {
        return join(new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        kafka.bootstrapServers(),
                        "group.id",
                        GROUP,
                        "enable.auto.commit",
                        false,
                        "partition.assignment.strategy",
                        CooperativeStickyAssignor.class.getName()),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer()));
    }

    private Consumer<byte[], byte[]> join(Consumer<byte[], byte[]> consumer) {
        consumer.subscribe(Pattern.compile("u[0-9]\\..*"));
        consumers.add(consumer);
        return consumer;
    }

    private void leave(Consumer<byte[], byte[]> consumer) {
        consumers.remove(consumer);
        consumer.close(CloseOptions.timeout(Duration.ofSeconds(5))
                .withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
    }

    /** Waits until everything is owned, each unit by one, and the members have so many. */
    private void awaitUnits(Integer... counts) {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(10)).until(() -> {
            pollAll();
            int partitions = consumers.stream()
                    .mapToInt(consumer -> consumer.assignment().size())
                    .sum();
            return partitions == 24
                    && consumers.stream()
                            .map(consumer -> units(consumer).size())
                            .toList()
                            .equals(List.of(counts));
        });
    }

    private boolean pollAll() {
        consumers.forEach(consumer -> consumer.poll(Duration.ofMillis(20)));
        return true;
    }

    private static Set<String> units(Consumer<byte[], byte[]> consumer) {
        return consumer.assignment().stream()
                .map(partition -> PLAN.unitOf(partition.topic()).name())
                .collect(Collectors.toSet());
    }
}
