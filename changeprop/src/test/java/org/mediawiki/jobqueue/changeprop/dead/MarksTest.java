package org.mediawiki.jobqueue.changeprop.dead;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MarksTest {

    private static final String TOPIC = "topic-1";
    private static final DeadJobId JOB = new DeadJobId(2, 5_000);

    private final SharedBoard topic = new SharedBoard();
    private final AtomicInteger ids = new AtomicInteger();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final Marks ada = instance();
    private final Marks bob = instance();

    @Test
    void ofTwoWhoClaimAtOnceOneHolds() {
        CompletableFuture<Map<DeadJobId, Mark>> first = ada.claim(TOPIC, List.of(JOB), "ada", "");
        CompletableFuture<Map<DeadJobId, Mark>> second = bob.claim(TOPIC, List.of(JOB), "bob", "");

        topic.deliver();

        assertThat(first.join()).containsOnlyKeys(JOB);
        assertThat(second.join()).isEmpty();
        assertThat(bob.words(TOPIC, JOB)).map(Mark::by).contains("ada");
    }

    @Test
    void whatIsMarkedIsSoForEveryInstanceAlsoForOneThatStartsLater() {
        replay(ada, JOB);
        Marks later = instance();

        topic.deliver();

        assertThat(later.state(TOPIC, JOB)).isEqualTo(DeadJobState.REPLAYED);
        assertThat(bob.state(TOPIC, JOB)).isEqualTo(DeadJobState.REPLAYED);
        assertThat(later.state(TOPIC, new DeadJobId(2, 5_001))).isEqualTo(DeadJobState.DEAD);
    }

    @Test
    void aClaimThatCameLateDoesNotUndoAMark() {
        CompletableFuture<Map<DeadJobId, Mark>> first = ada.claim(TOPIC, List.of(JOB), "ada", "");
        topic.deliver();
        var unused = ada.conclude(
                TOPIC,
                JOB,
                DeadJobState.DROPPED,
                Objects.requireNonNull(first.join().get(JOB)));
        CompletableFuture<Map<DeadJobId, Mark>> late = bob.claim(TOPIC, List.of(JOB), "bob", "");

        topic.deliver();

        assertThat(late.join()).isEmpty();
        assertThat(ada.state(TOPIC, JOB)).isEqualTo(DeadJobState.DROPPED);
    }

    @Test
    void aClaimWhoseOwnerDiedLapses() {
        var unused = ada.claim(TOPIC, List.of(JOB), "ada", "");
        topic.deliver();
        assertThat(bob.state(TOPIC, JOB)).isEqualTo(DeadJobState.CLAIMED);
        now = now.plus(Marks.LAPSE).plusSeconds(1);

        CompletableFuture<Map<DeadJobId, Mark>> again = bob.claim(TOPIC, List.of(JOB), "bob", "");
        topic.deliver();

        assertThat(again.join()).containsOnlyKeys(JOB);
    }

    @Test
    void whatIsReleasedIsDeadAgain() {
        CompletableFuture<Map<DeadJobId, Mark>> claim = ada.claim(TOPIC, List.of(JOB), "ada", "");
        topic.deliver();
        assertThat(claim.join()).isNotEmpty();

        var unused = ada.release(TOPIC, JOB);
        topic.deliver();

        assertThat(bob.state(TOPIC, JOB)).isEqualTo(DeadJobState.DEAD);
    }

    @Test
    void marksOfATopicThatWasDeletedMeanNothingForTheNewOne() {
        replay(ada, JOB);

        assertThat(ada.state("topic-2", JOB)).isEqualTo(DeadJobState.DEAD);
    }

    @Test
    void marksOfRecordsThatHaveExpiredAreTakenAway() {
        DeadJobId kept = new DeadJobId(2, 9_000);
        replay(ada, JOB);
        replay(ada, kept);

        ada.tidy(TOPIC, id -> id.offset() < 9_000);
        topic.deliver();

        assertThat(bob.state(TOPIC, JOB)).isEqualTo(DeadJobState.DEAD);
        assertThat(bob.state(TOPIC, kept)).isEqualTo(DeadJobState.REPLAYED);
    }

    /** Claims wait behind what was written before them, and are refused where too much is. */
    @Test
    void whereManyMarksHaveBecomeUselessSomeAreTakenAwayAtATime() {
        int count = Marks.MOST_TIDIED + 5;
        byte[] mark = MarkCode.bytes(new Mark(DeadJobState.REPLAYED, "ada", "", now, "1"));
        for (int offset = 0; offset < count; offset++) {
            ada.told(MarkCode.key(new MarkCode.Place(TOPIC, new DeadJobId(2, offset))), mark);
        }

        ada.tidy(TOPIC, id -> true);
        topic.deliver();
        assertThat(replayed(count)).isEqualTo(5);

        ada.tidy(TOPIC, id -> true);
        topic.deliver();
        assertThat(replayed(count)).isZero();
    }

    private long replayed(int count) {
        return IntStream.range(0, count)
                .filter(offset -> ada.state(TOPIC, new DeadJobId(2, offset)) == DeadJobState.REPLAYED)
                .count();
    }

    @Test
    void whatIsNoMarkIsPassedOver() {
        ada.told("dead/x", new byte[] {1});
        ada.told("dead/topic-1/2/5000", "{".getBytes(StandardCharsets.UTF_8));
        ada.told("dead/topic-1/2/5000", "{\"state\":\"FUTURE\"}".getBytes(StandardCharsets.UTF_8));

        assertThat(ada.state(TOPIC, JOB)).isEqualTo(DeadJobState.DEAD);
    }

    /** However claims, marks, releases and deliveries mix, no job is replayed by two within the lapse. */
    @Test
    void nobodyReplaysWhatAnotherHolds() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        List<Marks> instances = List.of(ada, bob, instance());
        Map<DeadJobId, AtomicInteger> replays = new HashMap<>();
        List<Runnable> open = new ArrayList<>();
        for (int step = 0; step < 5_000; step++) {
            Marks one = instances.get(random.nextInt(instances.size()));
            DeadJobId id = new DeadJobId(0, random.nextInt(40));
            switch (random.nextInt(4)) {
                case 0, 1 -> {
                    var unused = one.claim(TOPIC, List.of(id), "x", "")
                            .thenAccept(ours -> ours.forEach((job, claim) -> open.add(() -> {
                                replays.computeIfAbsent(job, ignored -> new AtomicInteger())
                                        .incrementAndGet();
                                var unusedMark = one.conclude(TOPIC, job, DeadJobState.REPLAYED, claim);
                            })));
                }
                case 2 -> topic.seats().get(random.nextInt(instances.size())).read(random.nextInt(20));
                default -> {
                    if (!open.isEmpty()) {
                        open.remove(random.nextInt(open.size())).run();
                    }
                }
            }
            now = now.plus(Duration.ofMillis(10));
        }
        for (int i = 0; i < 3; i++) {
            topic.deliver();
            List.copyOf(open).forEach(Runnable::run);
            open.clear();
        }

        assertThat(replays.values())
                .as("seed " + seed)
                .hasSize(40)
                .allSatisfy(count -> assertThat(count.get()).isEqualTo(1));
    }

    private void replay(Marks instance, DeadJobId id) {
        CompletableFuture<Map<DeadJobId, Mark>> claim = instance.claim(TOPIC, List.of(id), "ada", "why");
        topic.deliver();
        var unused = instance.conclude(
                TOPIC,
                id,
                DeadJobState.REPLAYED,
                Objects.requireNonNull(claim.join().get(id)));
        topic.deliver();
    }

    private Marks instance() {
        SharedBoard.Seat seat = topic.seat();
        Marks marks = new Marks(seat, () -> now, () -> "claim-" + ids.incrementAndGet());
        seat.readBy(marks);
        return marks;
    }
}
