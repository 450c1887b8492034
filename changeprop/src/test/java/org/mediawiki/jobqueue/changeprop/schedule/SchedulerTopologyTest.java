package org.mediawiki.jobqueue.changeprop.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mediawiki.jobqueue.changeprop.schedule.TopologyFixture.ERROR_TOPIC;
import static org.mediawiki.jobqueue.changeprop.schedule.TopologyFixture.retryTopic;

import io.vertx.core.buffer.Buffer;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mediawiki.jobqueue.changeprop.schedule.Instruction.Command.Kind;
import org.mediawiki.jobqueue.changeprop.schedule.WaitingJobs.Waiting;

/** SPEC guarantee 5, without brokers. */
final class SchedulerTopologyTest {

    private static final Optional<String> NONE = Optional.empty();
    private static final String TOPIC = retryTopic("refreshLinks");

    @TempDir
    private Path folder;

    private TopologyFixture fixture;

    @BeforeEach
    void start() {
        fixture = new TopologyFixture(folder);
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    @Test
    void releasesWhenDueAndNotBefore() {
        fixture.schedule("refreshLinks", Duration.ofSeconds(30), "a");

        fixture.advance(Duration.ofMillis(29_950));
        assertThat(fixture.released(TOPIC)).isEmpty();
        fixture.advance(Duration.ofMillis(50));

        assertThat(fixture.released(TOPIC)).containsExactly("a");
        assertThat(fixture.counts()).isEmpty();
        assertThat(fixture.heard).containsExactly("scheduled refreshLinks DELAY", "released refreshLinks DELAY 0");
    }

    @Test
    void releasesTheVeryBytesWithoutKeyToTheGivenPartition() {
        byte[] bytes = {0, -1, 13, 10, '{', -128};
        fixture.schedule(
                new ScheduledEvent(fixture.now().plusSeconds(1), TOPIC, 4, Reason.RETRY, Buffer.buffer(bytes)));

        fixture.advance(Duration.ofSeconds(1));

        var record = fixture.records(TOPIC).get(0);
        assertThat(record.key()).isNull();
        assertThat(record.value()).isEqualTo(bytes);
        assertThat(record.headers().lastHeader("reason").value()).isEqualTo("RETRY".getBytes(StandardCharsets.UTF_8));
        assertThat(Release.PARTITION.partitions(TOPIC, "", new Release(TOPIC, 12, Buffer.buffer()), 5))
                .hasValueSatisfying(partitions -> assertThat(partitions).containsExactly(2));
    }

    @Test
    void whatIsDueAlreadyDoesNotWait() {
        fixture.schedule("refreshLinks", Duration.ZERO, "now");
        fixture.schedule("refreshLinks", Duration.ofSeconds(-5), "late");

        assertThat(fixture.released(TOPIC)).containsExactly("now", "late");
        assertThat(fixture.counts()).isEmpty();
    }

    @Test
    void releasesTheLongestOverdueFirstAcrossTypes() {
        fixture.schedule("b", Duration.ofSeconds(2), "2");
        fixture.schedule("a", Duration.ofSeconds(3), "3");
        fixture.schedule("a", Duration.ofSeconds(1), "1");

        fixture.jump(Duration.ofSeconds(9));

        assertThat(fixture.heard).endsWith("released a DELAY 8000", "released b DELAY 7000", "released a DELAY 6000");
    }

    @Test
    void releasesABoundedNumberAtATime() {
        for (int i = 0; i < 1_200; i++) {
            fixture.schedule("refreshLinks", Duration.ofSeconds(1), "job " + i);
        }

        fixture.jump(Duration.ofSeconds(1));
        assertThat(fixture.released(TOPIC)).hasSize(500);
        fixture.jump(Duration.ofMillis(100));
        fixture.jump(Duration.ofMillis(100));

        assertThat(fixture.released(TOPIC)).hasSize(700);
    }

    @Test
    void goesOnAfterARestart() {
        fixture.schedule("refreshLinks", Duration.ofSeconds(30), "a");
        fixture.schedule("cdnPurge", Duration.ofSeconds(40), "b");

        fixture.restart();

        assertThat(fixture.counts()).isEqualTo(Map.of("cdnPurge", 1L, "refreshLinks", 1L));
        fixture.advance(Duration.ofSeconds(40));
        assertThat(fixture.released(TOPIC)).containsExactly("a");
        assertThat(fixture.released(retryTopic("cdnPurge"))).containsExactly("b");
    }

    @Test
    void aTopicThatIsNotToBeHadHoldsItsOwnTypeOnly() {
        fixture.destinations.refuse(TOPIC, new TopicAuthorizationException(TOPIC));
        fixture.schedule("refreshLinks", Duration.ofSeconds(1), "held");
        fixture.schedule("refreshLinks", Duration.ZERO, "held as well");
        fixture.schedule("cdnPurge", Duration.ofSeconds(2), "free");

        fixture.advance(Duration.ofSeconds(3));
        assertThat(fixture.released(retryTopic("cdnPurge"))).containsExactly("free");
        fixture.destinations.allow(TOPIC);
        fixture.advance(Duration.ofSeconds(3));

        assertThat(fixture.released(TOPIC)).containsExactlyInAnyOrder("held as well", "held");
    }

    @Test
    void whileNobodyAnswersEverythingWaits() {
        fixture.destinations.refuse(TOPIC, new TimeoutException("no answer"));
        fixture.schedule("refreshLinks", Duration.ofSeconds(1), "first");
        fixture.schedule("cdnPurge", Duration.ofMillis(1_500), "second");

        fixture.jump(Duration.ofSeconds(2));
        assertThat(fixture.released(retryTopic("cdnPurge")))
                .as("while nobody answers")
                .isEmpty();
        fixture.destinations.allow(TOPIC);
        fixture.advance(Duration.ofSeconds(4));

        assertThat(fixture.released(TOPIC)).containsExactly("first");
        assertThat(fixture.released(retryTopic("cdnPurge"))).containsExactly("second");
    }

    /** Each question takes seconds, and a consumer that does not poll meanwhile loses its partitions. */
    @Test
    void ofABacklogThatIsDueWhenItIsReadOneRecordAsksForATopicThatIsNotToBeHad() {
        fixture.destinations.refuse(TOPIC, new TimeoutException("no answer"));
        fixture.destinations.refuse(retryTopic("cdnPurge"), new TimeoutException("no answer"));
        for (int i = 0; i < 20; i++) {
            fixture.schedule("refreshLinks", Duration.ofMinutes(-5), "links " + i);
            fixture.schedule("cdnPurge", Duration.ofMinutes(-5), "purge " + i);
        }
        assertThat(fixture.destinations.refused()).containsExactly(TOPIC);

        fixture.destinations.allow(TOPIC);
        fixture.destinations.allow(retryTopic("cdnPurge"));
        fixture.advance(Duration.ofSeconds(3));

        assertThat(fixture.released(TOPIC)).hasSize(20);
        assertThat(fixture.released(retryTopic("cdnPurge"))).hasSize(20);
        assertThat(fixture.counts()).isEmpty();
    }

    @Test
    void aBacklogOfATypeWhoseTopicIsRefusedDoesNotKeepOthersFromLeavingAtOnce() {
        fixture.destinations.refuse(TOPIC, new TopicAuthorizationException(TOPIC));
        for (int i = 0; i < 20; i++) {
            fixture.schedule("refreshLinks", Duration.ofMinutes(-5), "links " + i);
            fixture.schedule("cdnPurge", Duration.ofMinutes(-5), "purge " + i);
        }

        assertThat(fixture.destinations.refused()).containsExactly(TOPIC);
        assertThat(fixture.released(retryTopic("cdnPurge"))).hasSize(20);
    }

    @Test
    void whatIsHeldIsHeldFromTheEndOfAQuestionThatTookLong() {
        fixture.destinations.refuse(TOPIC, new TimeoutException("no answer"));
        fixture.destinations.beforeARefusal(() -> fixture.block(Duration.ofSeconds(15)));
        fixture.schedule("refreshLinks", Duration.ofSeconds(1), "stored");

        fixture.jump(Duration.ofSeconds(1));
        assertThat(fixture.destinations.refused()).containsExactly(TOPIC);
        fixture.jump(Duration.ofSeconds(15));
        assertThat(fixture.destinations.refused()).as("its time is not over").containsExactly(TOPIC);
        fixture.jump(Duration.ofSeconds(3));

        assertThat(fixture.destinations.refused()).containsExactly(TOPIC, TOPIC);
    }

    @Test
    void whatItsTopicDoesNotTakeGoesToTheErrorTopic() {
        fixture.sizes.refused(TOPIC, 3);
        fixture.schedule("refreshLinks", Duration.ofSeconds(1), "xxx");
        fixture.schedule("refreshLinks", Duration.ofSeconds(1), "xx");

        fixture.advance(Duration.ofSeconds(2));

        assertThat(fixture.released(TOPIC)).containsExactly("xx");
        assertThat(fixture.released(ERROR_TOPIC)).containsExactly(TOPIC + " does not take 3 bytes: xxx");
        assertThat(fixture.heard).contains("refused refreshLinks DELAY");
    }

    @Test
    void whatNoTopicTakesStays() {
        fixture.sizes.refused(TOPIC, 3);
        fixture.sizes.refused(ERROR_TOPIC, 1);
        fixture.schedule("refreshLinks", Duration.ofSeconds(1), "xxx");

        fixture.advance(Duration.ofSeconds(2));

        assertThat(fixture.counts()).isEqualTo(Map.of("refreshLinks", 1L));
        assertThat(fixture.released(ERROR_TOPIC)).isEmpty();
    }

    @Test
    void garbageGoesToTheErrorTopicAndStopsNothing() {
        fixture.pipe("no headers".getBytes(StandardCharsets.UTF_8), new RecordHeaders());
        fixture.pipe(null, new RecordHeaders());
        fixture.schedule(new ScheduledEvent(
                fixture.now(),
                "eqiad.mediawiki.job.refreshLinks",
                0,
                Reason.DELAY,
                Buffer.buffer("not a retry topic")));
        fixture.pipe(new byte[0], new RecordHeaders(ScheduledRecordTest.headers(Map.of("command", "EXPLODE"))));
        fixture.schedule("refreshLinks", Duration.ZERO, "fine");

        assertThat(fixture.released(ERROR_TOPIC))
                .containsExactly(
                        "the header due is missing: no headers",
                        "it has no value: ",
                        "eqiad.mediawiki.job.refreshLinks is no retry topic of ours: not a retry topic",
                        "the header id is missing: ");
        assertThat(fixture.released(TOPIC)).containsExactly("fine");
    }

    @Test
    void runsAndDropsWhatStillWaits() {
        fixture.schedule("refreshLinks", Duration.ofDays(6), "run");
        fixture.schedule("refreshLinks", Duration.ofDays(6), "drop");
        fixture.schedule("refreshLinks", Duration.ofDays(6), "keep");
        List<WaitingId> ids =
                fixture.page(NONE, NONE, 10).items().stream().map(Waiting::id).toList();

        fixture.order(Kind.RUN, ids.get(0));
        fixture.order(Kind.DROP, ids.get(1));
        fixture.order(Kind.DROP, ids.get(0));
        fixture.advance(Duration.ofSeconds(1));

        assertThat(fixture.released(TOPIC)).containsExactly("run");
        assertThat(fixture.counts()).isEqualTo(Map.of("refreshLinks", 1L));
        fixture.advance(Duration.ofDays(6).minusSeconds(1), Duration.ofHours(1));
        assertThat(fixture.released(TOPIC)).containsExactly("keep");
    }

    @Test
    void pagesInOrderOfDueTimeWithoutGapsOrRepetitions() {
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            fixture.schedule("abc".substring(i % 3, i % 3 + 1), Duration.ofSeconds(100 + i / 6), "job " + i);
        }
        Optional<String> after = NONE;
        List<Waiting> found = new ArrayList<>();
        do {
            WaitingJobs.Page<Waiting> page = fixture.page(NONE, after, 7);
            found.addAll(page.items());
            after = page.next();
        } while (after.isPresent());

        found.forEach(one -> expected.add(one.value().toString()));
        assertThat(expected).hasSize(40).doesNotHaveDuplicates();
        assertThat(found).extracting(Waiting::due).isSorted();
        assertThat(fixture.page(Optional.of("b"), NONE, 100).items())
                .hasSize(13)
                .allSatisfy(one -> assertThat(one.id().type()).isEqualTo("b"));
    }

    @Test
    void ofWhatIsListedOneEventIsInMemoryAtATime() {
        String large = "large".repeat(20_000);
        for (int i = 0; i < 20; i++) {
            fixture.schedule("abc".substring(i % 3, i % 3 + 1), Duration.ofSeconds(100), large);
        }
        List<WeakReference<Buffer>> seen = new ArrayList<>();

        WaitingJobs.Page<Integer> page = fixture.page(NONE, NONE, 1_000, one -> {
            System.gc();
            assertThat(seen).allMatch(earlier -> earlier.refersTo(null));
            seen.add(new WeakReference<>(one.value()));
            return one.value().length();
        });

        assertThat(page.items()).hasSize(20).containsOnly(large.length());
        assertThat(page.next()).isEmpty();
    }

    /** Lists of several instances are merged: the last of a page may be another's. */
    @Test
    void aListGoesOnAfterWhatAnotherInstanceKeeps() {
        for (int i = 0; i < 30; i++) {
            fixture.schedule("abc".substring(i % 3, i % 3 + 1), Duration.ofSeconds(100 + i / 10), "job " + i);
        }
        List<WaitingId> all = fixture.page(NONE, NONE, 100, Waiting::id).items();
        assertThat(all).hasSize(30).isSortedAccordingTo(WaitingId.BY_DUE);

        for (WaitingId one : all) {
            WaitingId others = new WaitingId(one.partition() + 1, one.type(), one.dueMillis(), one.seq());
            assertThat(fixture.page(NONE, Optional.of(others.text()), 100, Waiting::id)
                            .items())
                    .containsExactlyElementsOf(all.stream()
                            .filter(id -> WaitingId.BY_DUE.compare(id, others) > 0)
                            .toList());
        }
    }

    @Test
    void findsWhatWaitsAndTellsWhatDoesNot() {
        fixture.schedule("refreshLinks", Duration.ofSeconds(30), "a");
        WaitingId id = fixture.page(NONE, NONE, 1).items().get(0).id();

        assertThat(WaitingId.parse(id.text())).contains(id);
        Optional<Waiting> found = fixture.waitingJobs().find(id).match(one -> one, why -> Optional.empty());
        assertThat(found)
                .hasValueSatisfying(one -> assertThat(one.value().toString()).isEqualTo("a"));
        fixture.advance(Duration.ofSeconds(30));
        assertThat(fixture.waitingJobs().find(id)).isEqualTo(new Answer.Known<>(Optional.empty()));
    }
}
