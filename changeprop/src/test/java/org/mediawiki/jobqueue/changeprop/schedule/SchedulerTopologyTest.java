package org.mediawiki.jobqueue.changeprop.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mediawiki.jobqueue.changeprop.schedule.Bench.ERROR_TOPIC;
import static org.mediawiki.jobqueue.changeprop.schedule.Bench.retryTopic;

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

    private Bench bench;

    @BeforeEach
    void start() {
        bench = new Bench(folder);
    }

    @AfterEach
    void stop() {
        bench.close();
    }

    @Test
    void releasesWhenDueAndNotBefore() {
        bench.schedule("refreshLinks", Duration.ofSeconds(30), "a");

        bench.advance(Duration.ofMillis(29_950));
        assertThat(bench.released(TOPIC)).isEmpty();
        bench.advance(Duration.ofMillis(50));

        assertThat(bench.released(TOPIC)).containsExactly("a");
        assertThat(bench.counts()).isEmpty();
        assertThat(bench.heard).containsExactly("scheduled refreshLinks DELAY", "released refreshLinks DELAY 0");
    }

    @Test
    void releasesTheVeryBytesWithoutKeyToTheGivenPartition() {
        byte[] bytes = {0, -1, 13, 10, '{', -128};
        bench.schedule(new ScheduledEvent(bench.now().plusSeconds(1), TOPIC, 4, Reason.RETRY, Buffer.buffer(bytes)));

        bench.advance(Duration.ofSeconds(1));

        var record = bench.records(TOPIC).get(0);
        assertThat(record.key()).isNull();
        assertThat(record.value()).isEqualTo(bytes);
        assertThat(record.headers().lastHeader("reason").value()).isEqualTo("RETRY".getBytes(StandardCharsets.UTF_8));
        assertThat(Release.PARTITION.partitions(TOPIC, "", new Release(TOPIC, 12, Buffer.buffer()), 5))
                .hasValueSatisfying(partitions -> assertThat(partitions).containsExactly(2));
    }

    @Test
    void whatIsDueAlreadyDoesNotWait() {
        bench.schedule("refreshLinks", Duration.ZERO, "now");
        bench.schedule("refreshLinks", Duration.ofSeconds(-5), "late");

        assertThat(bench.released(TOPIC)).containsExactly("now", "late");
        assertThat(bench.counts()).isEmpty();
    }

    @Test
    void releasesTheLongestOverdueFirstAcrossTypes() {
        bench.schedule("b", Duration.ofSeconds(2), "2");
        bench.schedule("a", Duration.ofSeconds(3), "3");
        bench.schedule("a", Duration.ofSeconds(1), "1");

        bench.jump(Duration.ofSeconds(9));

        assertThat(bench.heard).endsWith("released a DELAY 8000", "released b DELAY 7000", "released a DELAY 6000");
    }

    @Test
    void releasesABoundedNumberAtATime() {
        for (int i = 0; i < 1_200; i++) {
            bench.schedule("refreshLinks", Duration.ofSeconds(1), "job " + i);
        }

        bench.jump(Duration.ofSeconds(1));
        assertThat(bench.released(TOPIC)).hasSize(500);
        bench.jump(Duration.ofMillis(100));
        bench.jump(Duration.ofMillis(100));

        assertThat(bench.released(TOPIC)).hasSize(700);
    }

    @Test
    void goesOnAfterARestart() {
        bench.schedule("refreshLinks", Duration.ofSeconds(30), "a");
        bench.schedule("cdnPurge", Duration.ofSeconds(40), "b");

        bench.restart();

        assertThat(bench.counts()).isEqualTo(Map.of("cdnPurge", 1L, "refreshLinks", 1L));
        bench.advance(Duration.ofSeconds(40));
        assertThat(bench.released(TOPIC)).containsExactly("a");
        assertThat(bench.released(retryTopic("cdnPurge"))).containsExactly("b");
    }

    @Test
    void aTopicThatIsNotToBeHadHoldsItsOwnTypeOnly() {
        bench.destinations.refuse(TOPIC, new TopicAuthorizationException(TOPIC));
        bench.schedule("refreshLinks", Duration.ofSeconds(1), "held");
        bench.schedule("refreshLinks", Duration.ZERO, "held as well");
        bench.schedule("cdnPurge", Duration.ofSeconds(2), "free");

        bench.advance(Duration.ofSeconds(3));
        assertThat(bench.released(retryTopic("cdnPurge"))).containsExactly("free");
        bench.destinations.allow(TOPIC);
        bench.advance(Duration.ofSeconds(3));

        assertThat(bench.released(TOPIC)).containsExactlyInAnyOrder("held as well", "held");
    }

    @Test
    void whileNobodyAnswersEverythingWaits() {
        bench.destinations.refuse(TOPIC, new TimeoutException("no answer"));
        bench.schedule("refreshLinks", Duration.ofSeconds(1), "first");
        bench.schedule("cdnPurge", Duration.ofMillis(1_500), "second");

        bench.jump(Duration.ofSeconds(2));
        assertThat(bench.released(retryTopic("cdnPurge")))
                .as("while nobody answers")
                .isEmpty();
        bench.destinations.allow(TOPIC);
        bench.advance(Duration.ofSeconds(4));

        assertThat(bench.released(TOPIC)).containsExactly("first");
        assertThat(bench.released(retryTopic("cdnPurge"))).containsExactly("second");
    }

    /** Each question takes seconds, and a consumer that does not poll meanwhile loses its partitions. */
    @Test
    void ofABacklogThatIsDueWhenItIsReadOneRecordAsksForATopicThatIsNotToBeHad() {
        bench.destinations.refuse(TOPIC, new TimeoutException("no answer"));
        bench.destinations.refuse(retryTopic("cdnPurge"), new TimeoutException("no answer"));
        for (int i = 0; i < 20; i++) {
            bench.schedule("refreshLinks", Duration.ofMinutes(-5), "links " + i);
            bench.schedule("cdnPurge", Duration.ofMinutes(-5), "purge " + i);
        }
        assertThat(bench.destinations.refused()).containsExactly(TOPIC);

        bench.destinations.allow(TOPIC);
        bench.destinations.allow(retryTopic("cdnPurge"));
        bench.advance(Duration.ofSeconds(3));

        assertThat(bench.released(TOPIC)).hasSize(20);
        assertThat(bench.released(retryTopic("cdnPurge"))).hasSize(20);
        assertThat(bench.counts()).isEmpty();
    }

    @Test
    void aBacklogOfATypeWhoseTopicIsRefusedDoesNotKeepOthersFromLeavingAtOnce() {
        bench.destinations.refuse(TOPIC, new TopicAuthorizationException(TOPIC));
        for (int i = 0; i < 20; i++) {
            bench.schedule("refreshLinks", Duration.ofMinutes(-5), "links " + i);
            bench.schedule("cdnPurge", Duration.ofMinutes(-5), "purge " + i);
        }

        assertThat(bench.destinations.refused()).containsExactly(TOPIC);
        assertThat(bench.released(retryTopic("cdnPurge"))).hasSize(20);
    }

    @Test
    void whatIsHeldIsHeldFromTheEndOfAQuestionThatTookLong() {
        bench.destinations.refuse(TOPIC, new TimeoutException("no answer"));
        bench.destinations.beforeARefusal(() -> bench.block(Duration.ofSeconds(15)));
        bench.schedule("refreshLinks", Duration.ofSeconds(1), "stored");

        bench.jump(Duration.ofSeconds(1));
        assertThat(bench.destinations.refused()).containsExactly(TOPIC);
        bench.jump(Duration.ofSeconds(15));
        assertThat(bench.destinations.refused()).as("its time is not over").containsExactly(TOPIC);
        bench.jump(Duration.ofSeconds(3));

        assertThat(bench.destinations.refused()).containsExactly(TOPIC, TOPIC);
    }

    @Test
    void whatItsTopicDoesNotTakeGoesToTheErrorTopic() {
        bench.sizes.refused(TOPIC, 3);
        bench.schedule("refreshLinks", Duration.ofSeconds(1), "xxx");
        bench.schedule("refreshLinks", Duration.ofSeconds(1), "xx");

        bench.advance(Duration.ofSeconds(2));

        assertThat(bench.released(TOPIC)).containsExactly("xx");
        assertThat(bench.released(ERROR_TOPIC)).containsExactly(TOPIC + " does not take 3 bytes: xxx");
        assertThat(bench.heard).contains("refused refreshLinks DELAY");
    }

    @Test
    void whatNoTopicTakesStays() {
        bench.sizes.refused(TOPIC, 3);
        bench.sizes.refused(ERROR_TOPIC, 1);
        bench.schedule("refreshLinks", Duration.ofSeconds(1), "xxx");

        bench.advance(Duration.ofSeconds(2));

        assertThat(bench.counts()).isEqualTo(Map.of("refreshLinks", 1L));
        assertThat(bench.released(ERROR_TOPIC)).isEmpty();
    }

    @Test
    void garbageGoesToTheErrorTopicAndStopsNothing() {
        bench.pipe("no headers".getBytes(StandardCharsets.UTF_8), new RecordHeaders());
        bench.pipe(null, new RecordHeaders());
        bench.schedule(new ScheduledEvent(
                bench.now(), "eqiad.mediawiki.job.refreshLinks", 0, Reason.DELAY, Buffer.buffer("not a retry topic")));
        bench.pipe(new byte[0], new RecordHeaders(ScheduledRecordTest.headers(Map.of("command", "EXPLODE"))));
        bench.schedule("refreshLinks", Duration.ZERO, "fine");

        assertThat(bench.released(ERROR_TOPIC))
                .containsExactly(
                        "the header due is missing: no headers",
                        "it has no value: ",
                        "eqiad.mediawiki.job.refreshLinks is no retry topic of ours: not a retry topic",
                        "the header id is missing: ");
        assertThat(bench.released(TOPIC)).containsExactly("fine");
    }

    @Test
    void runsAndDropsWhatStillWaits() {
        bench.schedule("refreshLinks", Duration.ofDays(6), "run");
        bench.schedule("refreshLinks", Duration.ofDays(6), "drop");
        bench.schedule("refreshLinks", Duration.ofDays(6), "keep");
        List<WaitingId> ids =
                bench.page(NONE, NONE, 10).items().stream().map(Waiting::id).toList();

        bench.order(Kind.RUN, ids.get(0));
        bench.order(Kind.DROP, ids.get(1));
        bench.order(Kind.DROP, ids.get(0));
        bench.advance(Duration.ofSeconds(1));

        assertThat(bench.released(TOPIC)).containsExactly("run");
        assertThat(bench.counts()).isEqualTo(Map.of("refreshLinks", 1L));
        bench.advance(Duration.ofDays(6).minusSeconds(1), Duration.ofHours(1));
        assertThat(bench.released(TOPIC)).containsExactly("keep");
    }

    @Test
    void pagesInOrderOfDueTimeWithoutGapsOrRepetitions() {
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            bench.schedule("abc".substring(i % 3, i % 3 + 1), Duration.ofSeconds(100 + i / 6), "job " + i);
        }
        Optional<String> after = NONE;
        List<Waiting> found = new ArrayList<>();
        do {
            WaitingJobs.Page<Waiting> page = bench.page(NONE, after, 7);
            found.addAll(page.items());
            after = page.next();
        } while (after.isPresent());

        found.forEach(one -> expected.add(one.value().toString()));
        assertThat(expected).hasSize(40).doesNotHaveDuplicates();
        assertThat(found).extracting(Waiting::due).isSorted();
        assertThat(bench.page(Optional.of("b"), NONE, 100).items())
                .hasSize(13)
                .allSatisfy(one -> assertThat(one.id().type()).isEqualTo("b"));
    }

    @Test
    void ofWhatIsListedOneEventIsInMemoryAtATime() {
        String large = "large".repeat(20_000);
        for (int i = 0; i < 20; i++) {
            bench.schedule("abc".substring(i % 3, i % 3 + 1), Duration.ofSeconds(100), large);
        }
        List<WeakReference<Buffer>> seen = new ArrayList<>();

        WaitingJobs.Page<Integer> page = bench.page(NONE, NONE, 1_000, one -> {
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
            bench.schedule("abc".substring(i % 3, i % 3 + 1), Duration.ofSeconds(100 + i / 10), "job " + i);
        }
        List<WaitingId> all = bench.page(NONE, NONE, 100, Waiting::id).items();
        assertThat(all).hasSize(30).isSortedAccordingTo(WaitingId.BY_DUE);

        for (WaitingId one : all) {
            WaitingId others = new WaitingId(one.partition() + 1, one.type(), one.dueMillis(), one.seq());
            assertThat(bench.page(NONE, Optional.of(others.text()), 100, Waiting::id)
                            .items())
                    .containsExactlyElementsOf(all.stream()
                            .filter(id -> WaitingId.BY_DUE.compare(id, others) > 0)
                            .toList());
        }
    }

    @Test
    void findsWhatWaitsAndTellsWhatDoesNot() {
        bench.schedule("refreshLinks", Duration.ofSeconds(30), "a");
        WaitingId id = bench.page(NONE, NONE, 1).items().get(0).id();

        assertThat(WaitingId.parse(id.text())).contains(id);
        Optional<Waiting> found = bench.waitingJobs().find(id).match(one -> one, why -> Optional.empty());
        assertThat(found)
                .hasValueSatisfying(one -> assertThat(one.value().toString()).isEqualTo("a"));
        bench.advance(Duration.ofSeconds(30));
        assertThat(bench.waitingJobs().find(id)).isEqualTo(new Answer.Known<>(Optional.empty()));
    }
}
