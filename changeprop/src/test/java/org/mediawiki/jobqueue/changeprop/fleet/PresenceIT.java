package org.mediawiki.jobqueue.changeprop.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mediawiki.jobqueue.changeprop.bulletin.Bulletin;
import org.mediawiki.jobqueue.changeprop.config.KafkaConfigs;
import org.mediawiki.jobqueue.changeprop.embedded.EmbeddedKafka;
import org.mediawiki.jobqueue.changeprop.embedded.EmbeddedKafkaOptions;
import org.mediawiki.jobqueue.changeprop.kafka.KafkaClients;
import org.mediawiki.jobqueue.changeprop.publish.OwnTopics;
import org.mediawiki.jobqueue.changeprop.topic.Topics;
import org.mediawiki.jobqueue.runner.FakeTime;

/** What instances leave in a real topic, with heartbeats as fast as Kafka takes them. */
final class PresenceIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Topics TOPICS = new Topics("eqiad", "cpjobqueue");

    @TempDir
    private Path folder;

    private final List<Bulletin> opened = new ArrayList<>();
    private EmbeddedKafka kafka;

    @BeforeEach
    void start() throws IOException {
        kafka = EmbeddedKafka.start(EmbeddedKafkaOptions.in(folder));
    }

    @AfterEach
    void stop() {
        kafka.close();
    }

    @Test
    void whoWasKilledForGoodIsDeletedByTheOthers() throws Exception {
        kill("killed");
        FakeTime time = new FakeTime();
        try (Presence watcher = new Presence(new Identity("watcher", "1"), this::bulletin, time)) {
            Fleet fleet = watcher.fleet();
            begin(watcher, "watcher");
            await().atMost(PATIENCE).until(() -> fleet.member("watcher").isPresent());
            assertThat(fleet.stateOf("killed")).isPresent();
            assertThat(fleet.member("killed").map(Member::present)).contains(false);

            patiently().until(() -> {
                time.advance(Presence.HEARTBEAT);
                return fleet.member("killed").isEmpty();
            });

            assertThat(time.instant()).isAfterOrEqualTo(FakeTime.START.plus(Duration.ofMinutes(9)));
            Fleet third = new Fleet(new Identity("third", "1"));
            try (Bulletin bulletin = bulletin(third)) {
                bulletin.start();
                bulletin.caughtUp().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            }
            assertThat(third.members())
                    .extracting(member -> member.instance().identity().name())
                    .containsExactly("watcher");
            assertThat(third.stateOf("killed")).isEmpty();
            assertThat(third.stateOf("watcher")).isPresent();
        }
    }

    /** Or it would be dead to the others, who run what it runs. */
    @Test
    void whoCouldNotSayWhatItDoesIsHeardAllTheSame() {
        FakeTime time = new FakeTime();
        AtomicInteger asked = new AtomicInteger();
        try (Presence presence = new Presence(new Identity("unlucky", "1"), this::bulletin, time)) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> begin(presence, "unlucky", () -> {
                        if (asked.incrementAndGet() == 1) {
                            throw new IllegalStateException("a bug");
                        }
                        return idle();
                    }));

            patiently().until(() -> {
                time.advance(Presence.HEARTBEAT);
                return presence.fleet().stateOf("unlucky").isPresent();
            });

            assertThat(asked).hasValueGreaterThan(1);
        }
    }

    /** An instance of this name is heard of and says no more. */
    private void kill(String name) {
        Presence killed = new Presence(new Identity(name, "1"), this::bulletin, new FakeTime());
        begin(killed, name);
        await().atMost(PATIENCE).until(() -> killed.fleet().stateOf(name).isPresent());
        opened.get(opened.size() - 1).close();
    }

    private static void begin(Presence presence, String name) {
        begin(presence, name, PresenceIT::idle);
    }

    private static void begin(Presence presence, String name, Supplier<Future<InstanceState>> state) {
        presence.begin(
                new Instance(new Identity(name, "1"), Instant.EPOCH, "1", "host", "host:1", List.of("main")), state);
    }

    private static Future<InstanceState> idle() {
        return Future.succeededFuture(new InstanceState(Instant.EPOCH, List.of()));
    }

    private Bulletin bulletin(Bulletin.Listener listener) {
        KafkaClients clients = new KafkaClients(KafkaConfigs.of(kafka.bootstrapServers(), 3), "test");
        Admin admin = clients.admin();
        Bulletin bulletin = new Bulletin(
                TOPICS.fleetTopic(),
                new Bulletin.Clients(clients.follower(), clients.promptProducer(Bulletin.WRITE_PATIENCE), admin),
                new OwnTopics(admin, TOPICS, 3, (short) 1),
                listener);
        opened.add(bulletin);
        return bulletin;
    }

    private static ConditionFactory patiently() {
        return await().pollInSameThread()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(2))
                .atMost(PATIENCE);
    }
}
