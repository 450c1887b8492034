package org.mediawiki.jobqueue.changeprop.dedupe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mediawiki.jobqueue.changeprop.event.JobEvent;
import org.mediawiki.jobqueue.changeprop.event.RootEvent;

/** Jobs are remembered in a real Redis, by one process for another, and by the legacy service for ours. */
final class RedisDeduplicationIT extends DeduplicationContract {

    private static final String ID_KEY = "CPJQ_dedupe_refreshLinks_en.example.org_1";
    private static final String SHA1_KEY = "CPJQ_dedupe_refreshLinks_en.example.org_abc";
    private static final String ROOT_KEY = "CPJQ_dedupe_refreshLinks_sig";
    private static final JobEvent JOB =
            TestJobs.job("1", NOON, Optional.of("abc"), Optional.of(new RootEvent(NOON.minusSeconds(60), "sig")));

    private static RedisServerForTests server;

    private final Vertx vertx = Vertx.vertx();
    private RawRedis raw;
    private OnItsContext writer;
    private OnItsContext reader;

    @BeforeAll
    static void startRedis() {
        server = RedisServerForTests.start();
    }

    @AfterAll
    static void stopRedis() {
        server.close();
    }

    @BeforeEach
    void open() {
        raw = new RawRedis(vertx, server.uri());
        raw.send(Command.FLUSHALL);
        writer = OnItsContext.patient(vertx, server.uri());
        reader = OnItsContext.patient(vertx, server.uri());
    }

    @AfterEach
    void close() {
        writer.close();
        reader.close();
        raw.close();
        OnItsContext.result(vertx.close());
    }

    /** One process remembers, and another asks, so that the answers are Redis'. */
    @Override
    Looks fresh() {
        return new Looks() {
            @Override
            public Optional<DuplicateOf> seenBefore(JobEvent job, String rule, String stream) {
                return reader.seenBefore(job, rule, stream);
            }

            @Override
            public void done(JobEvent job, String rule, String stream, Instant startedAt) {
                writer.done(job, rule, stream, startedAt);
                awaitWrites();
            }
        };
    }

    @Test
    void writesWhatTheLegacyServiceReads() {
        writer.done(JOB, Instant.parse("2026-11-22T12:00:05.100999Z"));
        awaitWrites();

        assertThat(raw.all())
                .isEqualTo(Map.of(
                        ID_KEY, "1",
                        SHA1_KEY, "2026-11-22T12:00:05.100Z",
                        ROOT_KEY, "2026-11-22T11:59:00Z"));
        assertThat(raw.ttlSeconds(ID_KEY)).isBetween(3_590L, 3_600L);
        assertThat(raw.ttlSeconds(SHA1_KEY)).isBetween(3_590L, 3_600L);
        assertThat(raw.ttlSeconds(ROOT_KEY)).isBetween(86_390L, 86_400L);
    }

    @Test
    void writesThreeDigitsOfASecondWhereTheyAreZeroToo() {
        writer.done(JOB, NOON);
        awaitWrites();

        assertThat(raw.all()).containsEntry(SHA1_KEY, "2026-11-22T12:00:00.000Z");
    }

    @Test
    void understandsWhatTheLegacyServiceHasWritten() {
        raw.writtenByTheLegacyService(ID_KEY, "1", 3_600);
        raw.writtenByTheLegacyService(SHA1_KEY, "2026-11-22T12:00:05.678Z", 3_600);
        raw.writtenByTheLegacyService(ROOT_KEY, "2026-11-22T11:59:00Z", 86_400);

        assertThat(reader.seenBefore(JOB)).contains(DuplicateOf.ID);
        assertThat(reader.seenBefore(TestJobs.hashed("2", NOON, "abc"))).contains(DuplicateOf.SHA1);
        assertThat(reader.seenBefore(TestJobs.hashed("3", NOON.plusMillis(4_678), "abc")))
                .isEmpty();
        assertThat(reader.seenBefore(TestJobs.leaf("4", NOON, "sig", NOON.minusSeconds(61))))
                .contains(DuplicateOf.ROOT);
        assertThat(reader.seenBefore(TestJobs.leaf("5", NOON, "sig", NOON.minusSeconds(60))))
                .isEmpty();
        assertThat(reader.duplicates).isEqualTo(Map.of(DuplicateOf.ID, 1, DuplicateOf.SHA1, 1, DuplicateOf.ROOT, 1));
    }

    @Test
    void movesNoDateBackThatTheLegacyServiceHasWritten() {
        raw.writtenByTheLegacyService(SHA1_KEY, "2026-11-22T12:00:10Z", 3_600);
        raw.writtenByTheLegacyService(ROOT_KEY, "2026-11-22T11:59:00.5Z", 100);

        writer.done(JOB, NOON);
        awaitWrites();

        assertThat(raw.all())
                .containsEntry(SHA1_KEY, "2026-11-22T12:00:10Z")
                .containsEntry(ROOT_KEY, "2026-11-22T11:59:00.5Z");
        assertThat(raw.ttlSeconds(ROOT_KEY)).isLessThanOrEqualTo(100);
    }

    @Test
    void takesWhatIsNoDateForNothing() {
        raw.writtenByTheLegacyService(SHA1_KEY, "Invalid Date", 3_600);
        raw.writtenByTheLegacyService(ROOT_KEY, "undefined", 3_600);

        assertThat(reader.seenBefore(JOB)).isEmpty();
        writer.done(JOB, NOON);
        awaitWrites();

        assertThat(raw.all())
                .containsEntry(SHA1_KEY, "2026-11-22T12:00:00.000Z")
                .containsEntry(ROOT_KEY, "2026-11-22T11:59:00Z");
    }

    @Test
    void asksOnceForAJobAndRemembersEachKeyOnce() {
        raw.send(Command.CONFIG, "RESETSTAT");
        for (int i = 0; i < 10; i++) {
            reader.seenBefore(work("job" + i, NOON, "sha" + i, NOON));
        }
        assertThat(raw.calls()).containsEntry("mget", 10).doesNotContainKeys("get", "set", "eval");

        writer.done(JOB, NOON);
        awaitWrites();

        // The id with SET, the two dates by a script that itself calls GET and SET.
        assertThat(raw.calls()).containsEntry("eval", 2).containsEntry("get", 2).containsEntry("set", 3);
    }

    @Test
    void asksNobodyForWhatThisProcessHasDoneItself() {
        writer.done(JOB, NOON);
        awaitWrites();
        raw.send(Command.CONFIG, "RESETSTAT");

        assertThat(writer.seenBefore(JOB)).contains(DuplicateOf.ID);
        assertThat(writer.seenHere(JOB)).contains(DuplicateOf.ID);
        assertThat(reader.seenHere(JOB)).isEmpty();
        assertThat(raw.calls()).doesNotContainKey("mget");
    }

    @Test
    void knowsWhatWasDoneWhenItIsKilledRightAfter() {
        writer.done(JOB, NOON);

        await().atMost(Duration.ofSeconds(5)).until(() -> raw.all().size() == 3);
    }

    @Test
    void givesEverythingBackWhenItIsClosed() {
        Set<String> others = clients();
        OnItsContext closing = OnItsContext.patient(vertx, server.uri());
        closing.seenBefore(JOB);
        Set<String> own = clients();
        own.removeAll(others);
        assertThat(own).hasSize(1);

        closing.close();

        await().atMost(Duration.ofSeconds(5))
                .untilAsserted(() -> assertThat(clients())
                        .as("%s", raw.send(Command.CLIENT, "LIST"))
                        .doesNotContainAnyElementsOf(own));
        assertThat(closing.time.timers).hasValue(0);
        assertThat(closing.seenBefore(JOB)).isEmpty();
    }

    /** The connections that Redis has, each by the number that no other ever gets. */
    private Set<String> clients() {
        return raw.send(Command.CLIENT, "LIST")
                .toString()
                .lines()
                .map(line -> line.replaceFirst("^id=(\\d+) .*", "$1"))
                .collect(Collectors.toCollection(HashSet::new));
    }

    /** Redis serves the messages of a connection in their order: the answer to a look comes after the writes before it. */
    private void awaitWrites() {
        writer.seenBefore(TestJobs.plain("nobody", NOON));
    }
}
