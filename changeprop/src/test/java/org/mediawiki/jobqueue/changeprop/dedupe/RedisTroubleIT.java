package org.mediawiki.jobqueue.changeprop.dedupe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mediawiki.jobqueue.changeprop.config.load.ConfigurationLoader;
import org.mediawiki.jobqueue.changeprop.event.JobEvent;
import org.mediawiki.jobqueue.runner.Standstills;

/** A Redis that is down, slow, hanging or refusing delays nothing for long, fails nothing, and is used again. */
final class RedisTroubleIT {

    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

    /** A look's deadline, and what a busy machine takes on top. */
    private static final Duration IN_TIME = RedisMemory.DEADLINE.plusMillis(400);

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Standstills MACHINE = Standstills.ofThisMachine();

    private final Vertx vertx = Vertx.vertx();
    private final AtomicInteger numbers = new AtomicInteger();

    @AfterEach
    void stop() {
        OnItsContext.result(vertx.close());
    }

    @Test
    void everyLookIsAnsweredInTimeWhileRedisIsKilledAndRestarted() {
        try (RedisServerForTests server = RedisServerForTests.start();
                OnItsContext reader = OnItsContext.open(vertx, server.uri());
                OnItsContext writer = OnItsContext.open(vertx, server.uri())) {
            Load load = new Load(reader, writer);
            try (load) {
                load.answers(300);
                server.kill();
                load.answers(300);
                server.restart();
                await().atMost(PATIENCE).until(() -> knowsOfTheOther(writer, reader));
                load.answers(100);
            }

            assertThat(load.failures).hasValue(0);
            assertThat(load.slowest()).isLessThan(IN_TIME);
            assertThat(reader.unchecked).containsKey(StoreTrouble.UNAVAILABLE);
            assertThat(writer.unremembered).containsKey(StoreTrouble.UNAVAILABLE);
        }
    }

    @Test
    void aRedisThatStandsStillIsGivenARestAndUsedAgain() {
        try (RedisServerForTests server = RedisServerForTests.start();
                RawRedis raw = new RawRedis(vertx, server.uri());
                OnItsContext reader = OnItsContext.open(vertx, server.uri());
                OnItsContext writer = OnItsContext.open(vertx, server.uri())) {
            await().atMost(PATIENCE).until(() -> knowsOfTheOther(writer, reader));
            int slow = reader.unchecked(StoreTrouble.SLOW);

            raw.send(Command.CLIENT, "PAUSE", "3000");

            long asked = System.nanoTime();
            // The second at once, since after RedisBreaker.OPEN_FOR it would be a probe, which waits again.
            boolean nobodyWaitsAnyMore = reader.isAnsweredAtOnceAfter(newJob(), newJob());
            assertThat(since(asked)).isGreaterThanOrEqualTo(RedisMemory.DEADLINE);
            assertThat(MACHINE.ranSince(asked)).isLessThan(IN_TIME);
            assertThat(nobodyWaitsAnyMore).isTrue();
            // The first is counted when whoever asked has been answered, and has asked again.
            await().atMost(PATIENCE)
                    .untilAsserted(() ->
                            assertThat(reader.unchecked(StoreTrouble.SLOW)).isEqualTo(slow + 2));
            await().atMost(PATIENCE).until(() -> knowsOfTheOther(writer, reader));
        }
    }

    @Test
    void aSocketThatNeverAnswersHoldsNothingUp() {
        try (Impostor silent = new Impostor(vertx, "")) {
            long opened = System.nanoTime();
            try (OnItsContext reader = OnItsContext.open(vertx, silent.uri())) {
                assertThat(since(opened)).isGreaterThanOrEqualTo(RedisLink.OPENING);
                assertThat(MACHINE.ranSince(opened)).isLessThan(RedisLink.OPENING.plus(IN_TIME));

                assertThat(reader.isAnsweredAtOnce(newJob())).isTrue();
                assertThat(reader.unchecked(StoreTrouble.UNAVAILABLE)).isOne();
                await().atMost(PATIENCE).until(() -> silent.accepted.get() >= 2);
            }
        }
    }

    @Test
    void aConnectionThatFallsSilentIsReplaced() {
        try (Impostor dying = new Impostor(vertx, "+PONG\r\n");
                OnItsContext reader = OnItsContext.open(vertx, dying.uri())) {
            await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(() -> {
                long asked = System.nanoTime();
                assertThat(reader.seenBefore(newJob())).isEmpty();
                assertThat(MACHINE.ranSince(asked)).isLessThan(IN_TIME);
                return dying.accepted.get() >= 2;
            });
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(dying.open).hasValue(1));
        }
    }

    @Test
    void noMoreThanABoundedNumberOfMessagesIsUnanswered() {
        try (Impostor dying = new Impostor(vertx, "+PONG\r\n");
                OnItsContext reader = OnItsContext.open(vertx, dying.uri())) {
            int beyond = 200;
            for (int i = 0; i < RedisMemory.MOST_OUTSTANDING + beyond; i++) {
                reader.done(newJob(), NOON);
            }

            assertThat(reader.unremembered).containsEntry(StoreTrouble.SLOW, beyond);
            assertThat(reader.seenBefore(newJob())).isEmpty();
        }
    }

    @Test
    void aRedisThatRefusesOurPasswordIsAskedAgainNowAndThen() {
        try (RedisServerForTests server = RedisServerForTests.start("requirepass right");
                RawRedis raw = new RawRedis(vertx, server.uri("right"));
                OnItsContext reader = OnItsContext.open(vertx, server.uri("wrong"));
                OnItsContext writer = OnItsContext.open(vertx, server.uri("right"))) {
            assertThat(reader.seenBefore(newJob())).isEmpty();
            assertThat(reader.unchecked(StoreTrouble.UNAVAILABLE)).isOne();

            raw.send(Command.CONFIG, "SET", "requirepass", "wrong");

            await().atMost(PATIENCE).until(() -> knowsOfTheOther(writer, reader));
        }
    }

    @Test
    void aPasswordThatIsRightOpensTheDoor() {
        try (RedisServerForTests server = RedisServerForTests.start("requirepass right");
                OnItsContext reader = OnItsContext.open(vertx, server.uri("right"));
                OnItsContext writer = OnItsContext.open(vertx, server.uri("right"))) {
            await().atMost(PATIENCE).until(() -> knowsOfTheOther(writer, reader));
        }
    }

    /** As {@code openssl rand -base64} makes them, and worse. */
    @Test
    void aPasswordFromAVariableOpensTheDoorWhateverItsCharacters() {
        String password = "a/b+c=@d#e%41?:f";
        try (RedisServerForTests server = RedisServerForTests.start("requirepass \"" + password + "\"");
                OnItsContext reader = OnItsContext.open(vertx, configured(server, password));
                OnItsContext writer = OnItsContext.open(vertx, configured(server, password))) {
            await().atMost(PATIENCE).until(() -> knowsOfTheOther(writer, reader));
        }
    }

    @Test
    void aRedisThatAnswersWithErrorsIsGivenARest() {
        try (RedisServerForTests server = RedisServerForTests.start("requirepass secret");
                OnItsContext reader = OnItsContext.patient(vertx, server.uri())) {
            assertThat(reader.seenBefore(newJob())).isEmpty();
            reader.done(newJob(), NOON);
            assertThat(reader.seenBefore(newJob())).isEmpty();

            assertThat(reader.unchecked(StoreTrouble.REFUSED)).isEqualTo(2);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(reader.unremembered).containsEntry(StoreTrouble.REFUSED, 1));
        }
    }

    /** Before Redis 7, as here, a replica refuses a command by other words than a script. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aMasterThatHasBecomeAReplicaIsLeftButNotBesieged(boolean byScript) {
        Duration watched = Duration.ofSeconds(2);
        // 100, 200, 400 and 800 ms after the one before: four, and eighteen were each as soon as the first.
        int most = 8;
        try (RedisServerForTests server = RedisServerForTests.start();
                RawRedis raw = new RawRedis(vertx, server.uri());
                OnItsContext reader = OnItsContext.open(vertx, server.uri());
                OnItsContext writer = OnItsContext.open(vertx, server.uri())) {
            await().atMost(PATIENCE).until(() -> knowsOfTheOther(writer, reader));
            int before = raw.connections();

            raw.send(Command.REPLICAOF, "127.0.0.1", "1");
            await().pollInterval(Duration.ofMillis(10))
                    .during(watched)
                    .atMost(PATIENCE)
                    .until(() -> {
                        writer.done(byScript ? TestJobs.hashed("", NOON, "sha1") : newJob(), NOON);
                        return true;
                    });

            assertThat(raw.connections() - before).isBetween(1, most);
            assertThat(writer.unremembered).containsKey(StoreTrouble.REFUSED);
            raw.send(Command.REPLICAOF, "NO", "ONE");
            await().atMost(PATIENCE).until(() -> knowsOfTheOther(writer, reader));
        }
    }

    @Test
    void whatThisProcessHasDoneIsKnownWithoutRedis() {
        try (OnItsContext alone = OnItsContext.open(vertx, URI.create("redis://127.0.0.1:1"))) {
            alone.done(TestJobs.plain("mine", NOON), NOON);

            assertThat(alone.seenBefore(TestJobs.plain("mine", NOON))).contains(DuplicateOf.ID);
            assertThat(alone.seenHere(TestJobs.plain("mine", NOON))).contains(DuplicateOf.ID);
        }
    }

    @Test
    void noTimerOutlivesAClientThatNeverGotThrough() {
        OnItsContext lost = OnItsContext.open(vertx, URI.create("redis://127.0.0.1:1"));
        assertThat(lost.time.timers).hasPositiveValue();

        lost.close();

        assertThat(lost.time.timers).hasValue(0);
    }

    /** Its address, by a configuration that takes the password from a variable. */
    private static URI configured(RedisServerForTests server, String password) {
        String uri = server.uri("PASSWORD").toString().replace("PASSWORD", "${P}");
        return new ConfigurationLoader(Map.of("P", password), unusedFile -> true)
                .parse("""
                        kafka: {bootstrap_servers: ['kafka:9092']}
                        targets: {runner: {uri: 'https://runner.example.org/'}}
                        dedupe: {store: redis, redis: {uri: '%s'}}
                        """.formatted(uri))
                .match(
                        loaded -> Objects.requireNonNull(
                                        loaded.configuration().dedupe().redis())
                                .uri(),
                        refused -> {
                            throw new AssertionError(refused.problems().toString());
                        });
    }

    /** Whether a job that {@code writer} has done is no news for {@code reader}. */
    private boolean knowsOfTheOther(OnItsContext writer, OnItsContext reader) {
        String id = "shared" + numbers.incrementAndGet();
        writer.done(TestJobs.plain(id, NOON), NOON);
        writer.seenBefore(newJob());
        return reader.seenBefore(TestJobs.plain(id, NOON)).equals(Optional.of(DuplicateOf.ID));
    }

    private JobEvent newJob() {
        return TestJobs.plain("new" + numbers.incrementAndGet(), NOON);
    }

    private static Duration since(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos);
    }
}
