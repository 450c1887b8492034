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

    private final PipelineFixture fixture = new PipelineFixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void takesItsSlotBeforeItsRecordIsReadAndGivesItBackWhenItEnds() {
        PolledRecord elsewhere = polled("id");
        fixture.expect(TOPIC, elsewhere.slot(), RUNS, Optional.empty());
        Slot next = fixture.handle(TOPIC, EVENT.formatted("next"));
        assertThat(fixture.target().sent()).isEmpty();

        fixture.endedElsewhere(TOPIC, elsewhere.slot(), Ending.DONE);

        assertThat(fixture.target().onlyOpen().job().type()).isEqualTo("a");
        assertThat(fixture.isOpen(next)).isTrue();
        fixture.handle(List.of(elsewhere));
        assertThat(fixture.ending(elsewhere.slot())).isEqualTo(Ending.DONE);
        assertThat(fixture.target().sent()).hasSize(1);
    }

    @Test
    void itsSlotIsOpenUntilItEndsAndEndsAlike() {
        PolledRecord elsewhere = polled("id");
        fixture.expect(TOPIC, elsewhere.slot(), RUNS, Optional.empty());
        fixture.handle(List.of(elsewhere));
        assertThat(fixture.isOpen(elsewhere.slot())).isTrue();

        fixture.endedElsewhere(TOPIC, elsewhere.slot(), Ending.RETRIED);

        assertThat(fixture.ending(elsewhere.slot())).isEqualTo(Ending.RETRIED);
        assertThat(fixture.target().sent()).isEmpty();
    }

    @Test
    void runsHereWhenItDidNotEndThere() {
        PolledRecord elsewhere = polled("id");
        fixture.expect(TOPIC, elsewhere.slot(), RUNS, Optional.empty());
        fixture.handle(List.of(elsewhere));

        fixture.endedElsewhere(TOPIC, elsewhere.slot(), Ending.RELEASED);

        fixture.answer(200);
        assertThat(fixture.ending(elsewhere.slot())).isEqualTo(Ending.DONE);
        assertThat(fixture.target().sent()).hasSize(1);
    }

    @Test
    void whatHadEndedBeforeIsNotRun() {
        PolledRecord elsewhere = polled("id");
        fixture.expect(TOPIC, elsewhere.slot(), RUNS, Optional.of(Ending.DEAD));

        fixture.handle(List.of(elsewhere));

        assertThat(fixture.ending(elsewhere.slot())).isEqualTo(Ending.DEAD);
        assertThat(fixture.target().sent()).isEmpty();
    }

    /** Whoever owned its partition was not told which jobs run, or could not commit, and knew it by what was read. */
    @Test
    void isNamedWhenItIsReadAndIsNotRunWhereOnlyItsNameIsKnown() {
        Slot here = fixture.handle(TOPIC, EVENT.formatted("id"));
        assertThat(here.name()).isEqualTo("id");
        fixture.answer(200);
        PolledRecord elsewhere = polled("id");
        fixture.expect(TOPIC, elsewhere.slot(), JobAtWork.named(here.name()).orElseThrow(), Optional.of(Ending.DONE));

        fixture.handle(List.of(elsewhere));

        assertThat(fixture.ending(elsewhere.slot())).isEqualTo(Ending.DONE);
        assertThat(fixture.target().sent()).hasSize(1);
    }

    @Test
    void whatIsOverButBeingWrittenTakesNoSlot() {
        PolledRecord elsewhere = polled("id");
        fixture.expect(TOPIC, elsewhere.slot(), IS_OVER, Optional.empty());
        fixture.handle(List.of(elsewhere));

        Slot next = fixture.handle(TOPIC, EVENT.formatted("next"));

        fixture.answer(200);
        assertThat(fixture.ending(next)).isEqualTo(Ending.DONE);
        assertThat(fixture.isOpen(elsewhere.slot())).isTrue();
    }

    @Test
    void aRecordOfATopicThatWasCreatedAnewIsAnother() {
        PolledRecord another = polled("another");
        fixture.expect(TOPIC, another.slot(), RUNS, Optional.of(Ending.DONE));

        fixture.handle(List.of(another));

        fixture.answer(200);
        assertThat(fixture.target().sent()).hasSize(1);
    }

    @Test
    void whatWaitsForItsEndGoesWithItsPartitionAndItsSlotIsFree() {
        PolledRecord elsewhere = polled("id");
        fixture.expect(TOPIC, elsewhere.slot(), RUNS, Optional.empty());
        fixture.handle(List.of(elsewhere));
        Slot waiting = fixture.handle(TOPIC, EVENT.formatted("waiting"));

        fixture.release(TOPIC);

        assertThat(fixture.ending(elsewhere.slot())).isEqualTo(Ending.RELEASED);
        assertThat(fixture.ending(waiting)).isEqualTo(Ending.RELEASED);
        assertThat(fixture.target().sent()).isEmpty();
        Slot other = fixture.handle("eqiad.cpjobqueue.partitioned.mediawiki.job.a", EVENT.formatted("other"));
        fixture.answer(200);
        assertThat(fixture.ending(other)).isEqualTo(Ending.DONE);
    }

    @Test
    void tellsWhatHasBegunAndNotEnded() {
        Slot runs = fixture.handle(TOPIC, EVENT.formatted("runs"));
        Slot waits = fixture.handle(TOPIC, EVENT.formatted("waits"));

        Map<Place, JobAtWork> atWork = fixture.atWork(TOPIC);

        assertThat(atWork).containsOnlyKeys(PipelineFixture.place(TOPIC, runs));
        assertThat(fixture.isOpen(waits)).isTrue();
        assertThat(fixture.atWork(TOPIC).values())
                .allMatch(job -> job.id().equals("runs") && job.startedAt().isPresent());
        assertThat(fixture.atWork(OTHER_TOPIC)).isEmpty();
    }

    @Test
    void whoseRetryIsBeingWrittenHasNotEndedAndRunsNoMore() {
        Slot failed = fixture.handle(TOPIC, EVENT.formatted("failed"));
        fixture.release(TOPIC);
        fixture.answer(404);

        assertThat(fixture.atWork(TOPIC)).containsOnlyKeys(PipelineFixture.place(TOPIC, failed));
        assertThat(fixture.atWork(TOPIC).values())
                .allMatch(job -> job.startedAt().isEmpty());

        fixture.acknowledgeAll();
        assertThat(fixture.atWork(TOPIC)).isEmpty();
    }

    private PolledRecord polled(String id) {
        return fixture.polled(TOPIC, EVENT.formatted(id).getBytes(StandardCharsets.UTF_8));
    }
}
