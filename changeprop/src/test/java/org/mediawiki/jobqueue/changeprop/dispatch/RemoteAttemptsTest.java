package org.mediawiki.jobqueue.changeprop.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.mediawiki.jobqueue.changeprop.consume.PolledRecord;
import org.mediawiki.jobqueue.changeprop.fleet.JobAtWork;
import org.mediawiki.jobqueue.changeprop.fleet.Place;
import org.mediawiki.jobqueue.changeprop.ledger.Ending;
import org.mediawiki.jobqueue.changeprop.ledger.Slot;

/** Jobs that an earlier owner of their partition has begun: they count, and do not run twice. The limit is one. */
class RemoteAttemptsTest {

    private static final String TOPIC = "eqiad.mediawiki.job.a";
    private static final String OTHER_TOPIC = "eqiad.cpjobqueue.retry.mediawiki.job.a";
    private static final JobAtWork RUNS = new JobAtWork("a", "enwiki", "s1", "id", Optional.of(Instant.EPOCH));
    private static final JobAtWork IS_OVER = new JobAtWork("a", "enwiki", "s1", "id", Optional.empty());
    private static final String EVENT =
            "{\"$schema\":\"/mediawiki/job/1.0.0\",\"meta\":{\"stream\":\"mediawiki.job.a\","
                    + "\"id\":\"%s\",\"dt\":\"2026-01-01T00:00:00Z\",\"domain\":\"en.example\"},\"database\":\"enwiki\","
                    + "\"type\":\"a\"}";

    private final Bench bench = new Bench();

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void takesItsSlotBeforeItsRecordIsReadAndGivesItBackWhenItEnds() {
        PolledRecord elsewhere = polled("id");
        bench.expect(TOPIC, elsewhere.slot(), RUNS, Optional.empty());
        Slot next = bench.handle(TOPIC, EVENT.formatted("next"));
        assertThat(bench.target().sent()).isEmpty();

        bench.endedElsewhere(TOPIC, elsewhere.slot(), Ending.DONE);

        assertThat(bench.target().onlyOpen().job().type()).isEqualTo("a");
        assertThat(bench.isOpen(next)).isTrue();
        bench.handle(List.of(elsewhere));
        assertThat(bench.ending(elsewhere.slot())).isEqualTo(Ending.DONE);
        assertThat(bench.target().sent()).hasSize(1);
    }

    @Test
    void itsSlotIsOpenUntilItEndsAndEndsAlike() {
        PolledRecord elsewhere = polled("id");
        bench.expect(TOPIC, elsewhere.slot(), RUNS, Optional.empty());
        bench.handle(List.of(elsewhere));
        assertThat(bench.isOpen(elsewhere.slot())).isTrue();

        bench.endedElsewhere(TOPIC, elsewhere.slot(), Ending.RETRIED);

        assertThat(bench.ending(elsewhere.slot())).isEqualTo(Ending.RETRIED);
        assertThat(bench.target().sent()).isEmpty();
    }

    @Test
    void runsHereWhenItDidNotEndThere() {
        PolledRecord elsewhere = polled("id");
        bench.expect(TOPIC, elsewhere.slot(), RUNS, Optional.empty());
        bench.handle(List.of(elsewhere));

        bench.endedElsewhere(TOPIC, elsewhere.slot(), Ending.RELEASED);

        bench.answer(200);
        assertThat(bench.ending(elsewhere.slot())).isEqualTo(Ending.DONE);
        assertThat(bench.target().sent()).hasSize(1);
    }

    @Test
    void whatHadEndedBeforeIsNotRun() {
        PolledRecord elsewhere = polled("id");
        bench.expect(TOPIC, elsewhere.slot(), RUNS, Optional.of(Ending.DEAD));

        bench.handle(List.of(elsewhere));

        assertThat(bench.ending(elsewhere.slot())).isEqualTo(Ending.DEAD);
        assertThat(bench.target().sent()).isEmpty();
    }

    /** Whoever owned its partition was not told which jobs run, or could not commit, and knew it by what was read. */
    @Test
    void isNamedWhenItIsReadAndIsNotRunWhereOnlyItsNameIsKnown() {
        Slot here = bench.handle(TOPIC, EVENT.formatted("id"));
        assertThat(here.name()).isEqualTo("id");
        bench.answer(200);
        PolledRecord elsewhere = polled("id");
        bench.expect(TOPIC, elsewhere.slot(), JobAtWork.named(here.name()).orElseThrow(), Optional.of(Ending.DONE));

        bench.handle(List.of(elsewhere));

        assertThat(bench.ending(elsewhere.slot())).isEqualTo(Ending.DONE);
        assertThat(bench.target().sent()).hasSize(1);
    }

    @Test
    void whatIsOverButBeingWrittenTakesNoSlot() {
        PolledRecord elsewhere = polled("id");
        bench.expect(TOPIC, elsewhere.slot(), IS_OVER, Optional.empty());
        bench.handle(List.of(elsewhere));

        Slot next = bench.handle(TOPIC, EVENT.formatted("next"));

        bench.answer(200);
        assertThat(bench.ending(next)).isEqualTo(Ending.DONE);
        assertThat(bench.isOpen(elsewhere.slot())).isTrue();
    }

    @Test
    void aRecordOfATopicThatWasCreatedAnewIsAnother() {
        PolledRecord another = polled("another");
        bench.expect(TOPIC, another.slot(), RUNS, Optional.of(Ending.DONE));

        bench.handle(List.of(another));

        bench.answer(200);
        assertThat(bench.target().sent()).hasSize(1);
    }

    @Test
    void whatWaitsForItsEndGoesWithItsPartitionAndItsSlotIsFree() {
        PolledRecord elsewhere = polled("id");
        bench.expect(TOPIC, elsewhere.slot(), RUNS, Optional.empty());
        bench.handle(List.of(elsewhere));
        Slot waiting = bench.handle(TOPIC, EVENT.formatted("waiting"));

        bench.release(TOPIC);

        assertThat(bench.ending(elsewhere.slot())).isEqualTo(Ending.RELEASED);
        assertThat(bench.ending(waiting)).isEqualTo(Ending.RELEASED);
        assertThat(bench.target().sent()).isEmpty();
        Slot other = bench.handle("eqiad.cpjobqueue.partitioned.mediawiki.job.a", EVENT.formatted("other"));
        bench.answer(200);
        assertThat(bench.ending(other)).isEqualTo(Ending.DONE);
    }

    @Test
    void tellsWhatHasBegunAndNotEnded() {
        Slot runs = bench.handle(TOPIC, EVENT.formatted("runs"));
        Slot waits = bench.handle(TOPIC, EVENT.formatted("waits"));

        Map<Place, JobAtWork> atWork = bench.atWork(TOPIC);

        assertThat(atWork).containsOnlyKeys(Bench.place(TOPIC, runs));
        assertThat(bench.isOpen(waits)).isTrue();
        assertThat(bench.atWork(TOPIC).values())
                .allMatch(job -> job.id().equals("runs") && job.startedAt().isPresent());
        assertThat(bench.atWork(OTHER_TOPIC)).isEmpty();
    }

    @Test
    void whoseRetryIsBeingWrittenHasNotEndedAndRunsNoMore() {
        Slot failed = bench.handle(TOPIC, EVENT.formatted("failed"));
        bench.release(TOPIC);
        bench.answer(404);

        assertThat(bench.atWork(TOPIC)).containsOnlyKeys(Bench.place(TOPIC, failed));
        assertThat(bench.atWork(TOPIC).values()).allMatch(job -> job.startedAt().isEmpty());

        bench.acknowledgeAll();
        assertThat(bench.atWork(TOPIC)).isEmpty();
    }

    private PolledRecord polled(String id) {
        return bench.polled(TOPIC, EVENT.formatted(id).getBytes(StandardCharsets.UTF_8));
    }
}
