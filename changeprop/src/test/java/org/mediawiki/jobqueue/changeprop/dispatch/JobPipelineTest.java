package org.mediawiki.jobqueue.changeprop.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mediawiki.jobqueue.changeprop.LogLines;
import org.mediawiki.jobqueue.changeprop.consume.PolledRecord;
import org.mediawiki.jobqueue.changeprop.ledger.Ending;
import org.mediawiki.jobqueue.changeprop.ledger.Slot;
import org.mediawiki.jobqueue.changeprop.metrics.Ages;
import org.mediawiki.jobqueue.runner.FakeTime;
import org.mediawiki.jobqueue.runner.Job;
import org.mediawiki.jobqueue.runner.Verdict;
import org.mediawiki.jobqueue.runner.lane.Blockage;
import org.mediawiki.jobqueue.runner.lane.Task;
import org.slf4j.MDC;

/** From the record to the end of its slot, between fakes of Kafka and of the runner. */
class JobPipelineTest {

    private static final String TOPIC = "eqiad.mediawiki.job.a";
    private static final String RETRY_TOPIC = "eqiad.cpjobqueue.retry.mediawiki.job.a";
    private static final String SCHEDULED_TOPIC = "eqiad.cpjobqueue.scheduled";
    private static final String ERROR_TOPIC = "eqiad.cpjobqueue.error";

    private final PipelineFixture fixture = new PipelineFixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void aJobIsSentAsTheRecordsBytesAndIsDoneWhenItRan() {
        String event = event("").replace(",\"type\"", " ,\n \"type\"");
        Slot slot = fixture.handle(TOPIC, event);

        Job sent = fixture.target().onlyOpen().job();
        assertThat(sent)
                .isEqualTo(new Job(
                        "a",
                        "enwiki",
                        "s1",
                        "en.example",
                        "req",
                        "req:req,mediawiki.job.a:https://u",
                        Buffer.buffer(event)));
        assertThat(fixture.isOpen(slot)).isTrue();

        fixture.answer(200);
        assertThat(fixture.ending(slot)).isEqualTo(Ending.DONE);
        assertThat(fixture.wroteNothing()).isTrue();
    }

    @Test
    void aFailedJobEndsOnlyWhenTheSchedulerHasIt() {
        Slot slot = fixture.handle(TOPIC, event(""));
        fixture.answer(500);

        FakeOutbox.Letter letter = fixture.letter();
        assertThat(letter.event().topic()).isEqualTo(SCHEDULED_TOPIC);
        assertThat(scheduled(letter)).isEqualTo(new Appointment(FakeTime.START.plusSeconds(60), RETRY_TOPIC, 3));
        JsonObject retry = new JsonObject(letter.event().value());
        assertThat(retry.getInteger("retries_left")).isEqualTo(2);
        assertThat(retry.getInteger("error_status")).isEqualTo(500);
        assertThat(fixture.isOpen(slot)).isTrue();

        fixture.acknowledge(letter);
        assertThat(fixture.ending(slot)).isEqualTo(Ending.RETRIED);
    }

    @Test
    void aDeadJobEndsOnlyWhenTheErrorTopicHasIt() {
        Slot slot = fixture.handle(TOPIC, event(""));
        fixture.answer(404);

        FakeOutbox.Letter letter = fixture.letter();
        assertThat(letter.event().topic()).isEqualTo(ERROR_TOPIC);
        assertThat(fixture.isOpen(slot)).isTrue();

        fixture.acknowledge(letter);
        assertThat(fixture.ending(slot)).isEqualTo(Ending.DEAD);
    }

    @Test
    void withoutRetriesAFailureIsTheEnd() {
        fixture.handle("eqiad.mediawiki.job.never-again", event(""));
        fixture.answer(500);
        assertThat(fixture.letter().event().topic()).isEqualTo(ERROR_TOPIC);
    }

    @Test
    void aRetryRunsTheSameBytesWhenItIsDueAndDiesAfterTheLast() {
        Buffer first = retryOf(event(""));
        fixture.advance(Duration.ofSeconds(60));
        fixture.handle(RETRY_TOPIC, first.getBytes());
        Job sent = fixture.target().onlyOpen().job();
        assertThat(sent.body().toString()).isEqualTo(event(""));
        assertThat(sent.triggeredBy())
                .isEqualTo("req:req,mediawiki.job.a:https://u,cpjobqueue.retry.mediawiki.job.a:https://u");
        fixture.answer(500);
        FakeOutbox.Letter second = fixture.letter();
        assertThat(scheduled(second).due()).isEqualTo(FakeTime.START.plusSeconds(60 + 360));

        fixture.advance(Duration.ofMinutes(6));
        Slot last = fixture.handle(RETRY_TOPIC, second.event().value().getBytes());
        fixture.answer(500);
        FakeOutbox.Letter error = fixture.letter();
        assertThat(error.event().topic()).isEqualTo(ERROR_TOPIC);
        assertThat(new JsonObject(error.event().value()).getString("raw_event")).isEqualTo(event(""));
        fixture.acknowledge(error);
        assertThat(fixture.ending(last)).isEqualTo(Ending.DEAD);
    }

    @Test
    void aRetryThatIsNotDueWaitsInTheSchedulerAsItStands() {
        Buffer retry = retryOf(event(""));
        Slot slot = fixture.handle(RETRY_TOPIC, retry.getBytes());

        FakeOutbox.Letter letter = fixture.letter();
        assertThat(letter.event().value()).isEqualTo(retry);
        assertThat(scheduled(letter)).isEqualTo(new Appointment(FakeTime.START.plusSeconds(60), RETRY_TOPIC, 3));
        assertThat(fixture.isOpen(slot)).isTrue();

        fixture.acknowledge(letter);
        assertThat(fixture.ending(slot)).isEqualTo(Ending.SCHEDULED);
        fixture.advance(Duration.ofHours(1));
        assertThat(fixture.target().sent()).isEmpty();
    }

    @Test
    void aRetryAfterAShortDelayMakesNoDetour() {
        fixture.handle("eqiad.mediawiki.job.soon-again", event(""));
        fixture.answer(500);
        assertThat(fixture.letter().event().topic()).isEqualTo("eqiad.cpjobqueue.retry.mediawiki.job.soon-again");
    }

    @Test
    void aHoldPutsTheJobBackAndCostsNoAttempt() {
        Slot slot = fixture.handle(TOPIC, event(""));
        fixture.answer(423);
        assertThat(fixture.isOpen(slot)).isTrue();
        assertThat(fixture.wroteNothing()).isTrue();

        fixture.advance(PipelineFixture.READONLY_HOLD);
        fixture.answer(500);
        assertThat(new JsonObject(fixture.letter().event().value()).getInteger("retries_left"))
                .isEqualTo(2);
    }

    @Test
    void aDelayedJobWaitsInTheSchedulerAndComesBackForItsFirstAttempt() {
        String event = event(",\"delay_until\":\"" + FakeTime.START.plusSeconds(90) + "\"");
        Slot slot = fixture.handle(TOPIC, event);

        FakeOutbox.Letter letter = fixture.letter();
        assertThat(scheduled(letter)).isEqualTo(new Appointment(FakeTime.START.plusSeconds(90), RETRY_TOPIC, 3));
        assertThat(fixture.announced()).containsExactly(RETRY_TOPIC);
        assertThat(fixture.isOpen(slot)).isTrue();
        fixture.acknowledge(letter);
        assertThat(fixture.ending(slot)).isEqualTo(Ending.SCHEDULED);

        fixture.advance(Duration.ofSeconds(90));
        fixture.handle(RETRY_TOPIC, letter.event().value().getBytes());
        Job sent = fixture.target().onlyOpen().job();
        assertThat(sent.body().toString()).isEqualTo(event);
        assertThat(sent.triggeredBy()).isEqualTo("req:req,mediawiki.job.a:https://u");

        fixture.answer(500);
        FakeOutbox.Letter retry = fixture.letter();
        assertThat(new JsonObject(retry.event().value()).getInteger("retries_left"))
                .as("no attempt was spent")
                .isEqualTo(2);
        assertThat(scheduled(retry).due()).isEqualTo(FakeTime.START.plusSeconds(90 + 60));
    }

    /** As after a standstill: the partition may be another's by now, who schedules the job as well. */
    @Test
    void aDelayedJobIsNotScheduledWhileNothingMayStart() {
        String event = event(",\"delay_until\":\"" + FakeTime.START.plusSeconds(90) + "\"");
        fixture.mayStart(false);
        Slot slot = fixture.handle(TOPIC, event);
        Slot given = fixture.handle("eqiad.mediawiki.job.b", event);
        fixture.advance(Duration.ofSeconds(10));
        assertThat(fixture.wroteNothing()).isTrue();
        fixture.release("eqiad.mediawiki.job.b");
        assertThat(fixture.ending(given)).isEqualTo(Ending.RELEASED);

        fixture.mayStart(true);
        fixture.advance(Duration.ofSeconds(1));

        FakeOutbox.Letter letter = fixture.letter();
        assertThat(scheduled(letter)).isEqualTo(new Appointment(FakeTime.START.plusSeconds(90), RETRY_TOPIC, 3));
        fixture.acknowledge(letter);
        assertThat(fixture.ending(slot)).isEqualTo(Ending.SCHEDULED);
    }

    @Test
    void aShortDelayIsSpentInMemoryWithoutAPlaceInALimit() {
        Slot slot = fixture.handle(TOPIC, event(",\"delay_until\":\"" + FakeTime.START.plusSeconds(5) + "\""));
        Slot other = fixture.handle(TOPIC, event(""));
        assertThat(fixture.waiting()).isEqualTo(1);
        fixture.answer(200);
        assertThat(fixture.ending(other)).isEqualTo(Ending.DONE);
        fixture.advance(Duration.ofMillis(4_999));
        assertThat(fixture.target().sent()).hasSize(1);

        fixture.advance(Duration.ofMillis(1));
        fixture.answer(200);
        assertThat(fixture.ending(slot)).isEqualTo(Ending.DONE);
    }

    @Test
    void whatTheSchedulerDoesNotTakeWaitsHere() {
        Slot slot = fixture.handle(TOPIC, event(",\"delay_until\":\"" + FakeTime.START.plusSeconds(90) + "\""));
        fixture.refuseAsTooLarge(fixture.letter());
        assertThat(fixture.waiting()).isEqualTo(1);

        fixture.advance(Duration.ofSeconds(90));
        fixture.answer(200);
        assertThat(fixture.ending(slot)).isEqualTo(Ending.DONE);
    }

    @Test
    void whatTheLaneTurnsAwayWaitsInTheSchedulerAndSpendsNoAttempt() {
        fixture.handle(TOPIC, event(""));
        fixture.answer(423);
        List<Slot> others = Stream.generate(() -> fixture.handle(TOPIC, event("")))
                .limit(PipelineFixture.MOST_BLOCKED)
                .toList();

        FakeOutbox.Letter letter = fixture.letter();
        Appointment appointment = scheduled(letter);
        assertThat(appointment.topic()).isEqualTo(RETRY_TOPIC);
        assertThat(appointment.due()).isBetween(FakeTime.START.plusSeconds(59), FakeTime.START.plusSeconds(120));
        assertThat(new JsonObject(letter.event().value()).getBoolean("waited")).isTrue();
        assertThat(fixture.isOpen(others.get(1))).isTrue();
        fixture.acknowledge(letter);
        assertThat(fixture.ending(others.get(1))).isEqualTo(Ending.SCHEDULED);
    }

    @Test
    void aJobThatIsDoneIsRememberedAndItsDuplicateSkipped() {
        fixture.handle(TOPIC, event(""));
        fixture.advance(Duration.ofSeconds(3));
        assertThat(fixture.deduplication().done()).as("while it runs").isEmpty();
        fixture.answer(200);
        assertThat(fixture.deduplication().done())
                .containsExactly(new FakeDeduplication.Run("", "a", "mediawiki.job.a", FakeTime.START));

        fixture.deduplication().knows("");
        assertThat(fixture.ending(fixture.handle(TOPIC, event("")))).isEqualTo(Ending.SKIPPED);
        assertThat(fixture.target().sent()).hasSize(1);
    }

    @Test
    void aJobThatFailedIsNotRemembered() {
        fixture.handle(TOPIC, event(""));
        fixture.answer(500);
        assertThat(fixture.deduplication().done()).isEmpty();
    }

    @Test
    void aRetryIsNoDuplicateButIsRememberedWhenItIsDone() {
        fixture.deduplication().knows("");
        Buffer retry = retryOf(event(""));
        fixture.advance(Duration.ofSeconds(60));
        fixture.handle(RETRY_TOPIC, retry.getBytes());
        fixture.answer(200);
        assertThat(fixture.deduplication().done())
                .containsExactly(new FakeDeduplication.Run("", "a", "mediawiki.job.a", FakeTime.START.plusSeconds(60)));
    }

    @Test
    void aRetryThatWasWrittenTwiceRunsOnce() {
        Buffer retry = retryOf(event(""));
        fixture.advance(Duration.ofSeconds(60));
        fixture.deduplication().knowsHere("");
        assertThat(fixture.ending(fixture.handle(RETRY_TOPIC, retry.getBytes())))
                .isEqualTo(Ending.SKIPPED);
    }

    @Test
    void whatTheSchedulerReleasedRunsThoughTheClockHereIsBehind() {
        fixture.handleReleased(RETRY_TOPIC, retryOf(event("")).getBytes());
        assertThat(fixture.target().open()).hasSize(1);
    }

    @Test
    void whatIsTooLargeForTheSchedulerIsLeftToTheNextOwnerOfItsPartition() {
        Slot slot = fixture.handle(TOPIC, event(",\"delay_until\":\"" + FakeTime.START.plusSeconds(90) + "\""));
        FakeOutbox.Letter letter = fixture.letter();
        fixture.release(TOPIC);
        fixture.refuseAsTooLarge(letter);
        assertThat(fixture.ending(slot)).isEqualTo(Ending.RELEASED);
        assertThat(fixture.waiting()).isZero();
    }

    @Test
    void aDuplicateOfAJobThatRanWhileItWasQueuedDoesNotStart() {
        fixture.handle(TOPIC, event(""));
        Slot queued = fixture.handle(TOPIC, event(""));
        Slot other = fixture.handle(TOPIC, event("").replace("\"uri\"", "\"id\":\"other\",\"uri\""));
        fixture.deduplication().knowsHere("");
        fixture.answer(200);

        assertThat(fixture.ending(queued)).isEqualTo(Ending.SKIPPED);
        fixture.answer(200);
        assertThat(fixture.ending(other)).isEqualTo(Ending.DONE);
    }

    @Test
    void whatIsReleasedWhileTheStoreIsAskedIsLeftToTheNextOwner() {
        fixture.deduplication().beSlow();
        Slot slot = fixture.handle(TOPIC, event(""));
        assertThat(fixture.target().sent()).isEmpty();
        fixture.release(TOPIC);

        fixture.answerThatItIsNoDuplicate();

        assertThat(fixture.ending(slot)).isEqualTo(Ending.RELEASED);
        assertThat(fixture.target().sent()).isEmpty();
    }

    @Test
    void whatHasNotStartedIsReleasedWithItsPartition() {
        Slot running = fixture.handle(TOPIC, event(""));
        Slot queued = fixture.handle(TOPIC, event(""));
        Slot delayed = fixture.handle(TOPIC, event(",\"delay_until\":\"" + FakeTime.START.plusSeconds(4) + "\""));
        Slot kept = fixture.handle("eqiad.mediawiki.job.b", event(""));

        fixture.release(TOPIC);

        assertThat(fixture.ending(queued)).isEqualTo(Ending.RELEASED);
        assertThat(fixture.ending(delayed)).isEqualTo(Ending.RELEASED);
        assertThat(fixture.isOpen(running)).isTrue();
        assertThat(fixture.isOpen(kept)).isTrue();
        fixture.target().open().get(0).answer(200);
        assertThat(fixture.ending(running)).isEqualTo(Ending.DONE);
    }

    /** Whoever waits for it lets nothing start until then. */
    @Test
    void aReleaseThatABugInterruptsIsOverNonetheless() {
        fixture.handle(TOPIC, event(""));
        fixture.submit(new Stranger());

        assertThat(fixture.released(TOPIC)).isCompletedExceptionally();
        assertThat(fixture.released("eqiad.mediawiki.job.b")).isDone();
    }

    /** Whoever hands partitions over would otherwise wait for it in vain, and hide the bug. */
    @Test
    void whatIsThrownWhileJobsAreCountedIsTold() {
        fixture.handle(TOPIC, event(""));
        fixture.breakClock();

        assertThat(fixture.askedAtWork(TOPIC)).isCompletedExceptionally();
    }

    @Test
    void aReleasedJobThatIsHeldIsLeftToItsNextOwner() {
        Slot slot = fixture.handle(TOPIC, event(""));
        fixture.release(TOPIC);
        fixture.answer(423);
        assertThat(fixture.ending(slot)).isEqualTo(Ending.RELEASED);
    }

    @Test
    void aJobThatStillRunsWhenItsPartitionComesBackIsNotStartedASecondTime() {
        String event = event("");
        Slot before = fixture.handle(TOPIC, event);
        fixture.release(TOPIC);

        Slot again = fixture.handleAgain(before, TOPIC, event);
        fixture.answer(200);

        assertThat(fixture.target().sent()).hasSize(1);
        assertThat(fixture.ending(again)).isEqualTo(Ending.DONE);
        assertThat(fixture.ending(before))
                .as("or nobody would hear of it where the partition has gone on")
                .isEqualTo(Ending.DONE);
    }

    /** An unclean election, or a topic that was made anew; what ran from there runs on. */
    @Test
    void whatRunsIsKeptApartFromWhatStandsInItsPlaceNow() {
        String topic = "eqiad.mediawiki.job.two-at-once";
        Slot before = fixture.handle(topic, event(",\"sha1\":\"first\""));
        fixture.advance(Duration.ofSeconds(3));
        fixture.handleAgain(before, topic, event(",\"sha1\":\"second\""));
        fixture.advance(PipelineFixture.TIMEOUT);

        fixture.target().open().get(0).answer(200);

        assertThat(fixture.atWork(topic)).as("the second runs on").hasSize(1);
        assertThat(fixture.overdue(Duration.ofSeconds(-1))).contains(PipelineFixture.TIMEOUT);
        fixture.answer(200);
        assertThat(fixture.deduplication().done())
                .as("what was created while they ran is no duplicate")
                .extracting(FakeDeduplication.Run::startedAt)
                .containsExactly(FakeTime.START, FakeTime.START.plusSeconds(3));
    }

    @Test
    void nothingStartsAfterAStop() {
        Slot running = fixture.handle(TOPIC, event(""));
        Slot queued = fixture.handle(TOPIC, event(""));

        fixture.stop();
        Slot late = fixture.handle(TOPIC, event(""));
        fixture.answer(200);

        assertThat(fixture.ending(queued)).isEqualTo(Ending.RELEASED);
        assertThat(fixture.ending(late)).isEqualTo(Ending.RELEASED);
        assertThat(fixture.ending(running)).isEqualTo(Ending.DONE);
        assertThat(fixture.target().sent()).hasSize(1);
    }

    @Test
    void whatIsNoJobGoesToTheErrorTopicWithItsBytes() {
        byte[] noText = "no j\u00f6b".getBytes(StandardCharsets.ISO_8859_1);
        Slot slot = fixture.handle(TOPIC, noText);

        FakeOutbox.Letter letter = fixture.letter();
        assertThat(letter.event().topic()).isEqualTo(ERROR_TOPIC);
        assertThat(letter.event().headers()).containsEntry("raw_event", Buffer.buffer(noText));
        fixture.acknowledge(letter);
        assertThat(fixture.ending(slot)).isEqualTo(Ending.DEAD);
    }

    /** JSON to whoever reads overlong UTF-8, as Jackson does; a replay must send what was signed. */
    @Test
    void aDeadJobWhoseBytesAreNoTextKeepsThemBesideTheErrorEvent() {
        byte[] job = event(",\"params\":{\"t\":\"\u00c0\u0080\"}").getBytes(StandardCharsets.ISO_8859_1);
        fixture.handle(TOPIC, job);
        fixture.answer(404);

        FakeOutbox.Letter letter = fixture.letter();
        assertThat(letter.event().topic()).isEqualTo(ERROR_TOPIC);
        assertThat(letter.event().headers()).containsEntry("raw_event", Buffer.buffer(job));
    }

    @Test
    void aDeadJobThatIsTextStandsInTheErrorEventAlone() {
        fixture.handle(TOPIC, event(",\"params\":{\"t\":\"\u017c\u00f3\u0142\u0107 \ud83d\ude00\"}"));
        fixture.answer(404);

        assertThat(fixture.letter().event().headers()).doesNotContainKey("raw_event");
    }

    /** PHP could not read it there, and in the middle of a retry event nobody could. */
    @Test
    void aByteOrderMarkIsNoPartOfAJob() {
        fixture.handle(TOPIC, "\ufeff" + event(""));
        assertThat(fixture.target().onlyOpen().job().body()).hasToString(event(""));
        fixture.answer(500);

        fixture.advance(Duration.ofSeconds(60));
        fixture.handle(RETRY_TOPIC, fixture.letter().event().value().getBytes());
        assertThat(fixture.target().onlyOpen().job().body()).hasToString(event(""));
    }

    @Test
    void tombstonesCanariesAndForeignRetriesAreSkipped() {
        String foreign = retryOf(event("")).toString().replace("cpjobqueue#", "changeprop#");
        assertThat(fixture.ending(fixture.handle(TOPIC, (byte[]) null))).isEqualTo(Ending.SKIPPED);
        assertThat(fixture.ending(fixture.handle(TOPIC, event("").replace("en.example", "canary"))))
                .isEqualTo(Ending.SKIPPED);
        assertThat(fixture.ending(fixture.handle(RETRY_TOPIC, foreign))).isEqualTo(Ending.SKIPPED);
        assertThat(fixture.target().sent()).isEmpty();
    }

    @Test
    void aRetryThatNoTopicTakesIsDeadAndWhatTheErrorTopicDoesNotTakeIsCut() {
        Slot slot = fixture.handle(TOPIC, event(",\"params\":{\"x\":\"" + "x".repeat(100_000) + "\"}"));
        fixture.answer(500);
        fixture.refuseAsTooLarge(fixture.letter());

        FakeOutbox.Letter whole = fixture.letter();
        assertThat(whole.event().topic()).isEqualTo(ERROR_TOPIC);
        fixture.refuseAsTooLarge(whole);

        FakeOutbox.Letter cut = fixture.letter();
        assertThat(cut.event().value().length()).isLessThan(20_000);
        assertThat(fixture.isOpen(slot)).isTrue();
        fixture.acknowledge(cut);
        assertThat(fixture.ending(slot)).isEqualTo(Ending.DEAD);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0001-01-01T00:00:00Z", "-999999999-01-01T00:00:00Z", "+999999999-12-31T23:59:59Z"})
    void datesFarAwayRunLikeAnyOther(String date) {
        String far = event(",\"root_event\":{\"dt\":\"" + date + "\",\"signature\":\"s\"}")
                .replace(FakeTime.START.toString(), date);
        Slot slot = fixture.handle(TOPIC, far);
        fixture.answer(200);
        assertThat(fixture.ending(slot)).isEqualTo(Ending.DONE);
        assertThat(fixture.lane().running()).isZero();
    }

    @Test
    void aBugMakesItsRecordDeadAndStopsNoOther() {
        PolledRecord broken = record("eqiad.mediawiki.job.no-rule", event(""));
        PolledRecord brokenLater = record("eqiad.mediawiki.job.no-limits", event(""));
        PolledRecord good = record(TOPIC, event(""));

        fixture.handle(List.of(broken, brokenLater, good));

        fixture.answer(200);
        assertThat(fixture.ending(good.slot())).isEqualTo(Ending.DONE);
        fixture.acknowledgeAll();
        assertThat(fixture.ending(broken.slot())).isEqualTo(Ending.DEAD);
        assertThat(fixture.ending(brokenLater.slot())).isEqualTo(Ending.DEAD);
        assertThat(fixture.failures()).isEmpty();
    }

    /** While its slot is open no offset above it is committed: that must not go unnoticed. */
    @Test
    void aRecordThatCannotEvenBeGivenUpStopsNoOtherAndIsTheEndOfItsLane() {
        fixture.outbox().breakDown();
        PolledRecord broken = record("eqiad.mediawiki.job.no-rule", event(""));
        PolledRecord worse = record("eqiad.mediawiki.job.no-class", event(""));
        PolledRecord good = record(TOPIC, event(""));

        fixture.handle(List.of(broken, worse, good));

        fixture.answer(200);
        assertThat(fixture.ending(good.slot())).isEqualTo(Ending.DONE);
        assertThat(fixture.isOpen(broken.slot())).isTrue();
        assertThat(fixture.isOpen(worse.slot())).isTrue();
        assertThat(fixture.failures())
                .extracting(Throwable::getMessage)
                .containsExactly("a bug of the outbox", "a bug");
    }

    @Test
    void aBugInAJobThatWaitedStopsNoOther() {
        String delayed = event(",\"delay_until\":\"" + FakeTime.START.plusSeconds(5) + "\"");
        Slot broken = fixture.handle("eqiad.mediawiki.job.no-limits", delayed);
        Slot good = fixture.handle(TOPIC, delayed);

        fixture.advance(Duration.ofSeconds(10));

        fixture.answer(200);
        assertThat(fixture.ending(good)).isEqualTo(Ending.DONE);
        fixture.acknowledgeAll();
        assertThat(fixture.ending(broken)).isEqualTo(Ending.DEAD);
    }

    @Test
    void tellsHowLongTheOldestAttemptHasBeenUnderWayThatOutlivedItsTimeout() {
        fixture.handle(TOPIC, event(""));
        fixture.advance(Duration.ofSeconds(5));
        fixture.handle("eqiad.mediawiki.job.b", event(""));
        fixture.advance(PipelineFixture.TIMEOUT);
        assertThat(fixture.overdue(Duration.ofSeconds(5))).isEmpty();
        fixture.advance(Duration.ofSeconds(5));
        assertThat(fixture.overdue(Duration.ofSeconds(5))).contains(PipelineFixture.TIMEOUT.plusSeconds(10));
    }

    @Test
    void anAttemptMayTakeAsLongAsWhenItBeganWhateverIsConfiguredMeanwhile() {
        fixture.handle(TOPIC, event(""));
        fixture.advance(Duration.ofMinutes(10));
        fixture.reconfigure(Duration.ofMinutes(1));
        fixture.handle("eqiad.mediawiki.job.b", event(""));
        fixture.advance(Duration.ofMinutes(1));
        assertThat(fixture.overdue(Duration.ZERO)).isEmpty();
        fixture.advance(Duration.ofSeconds(1));
        assertThat(fixture.overdue(Duration.ZERO)).as("the second").contains(Duration.ofSeconds(61));
    }

    @Test
    void aJobThatIsGivenUpCanBeFoundInTheLogByItsTypeWikiRequestAndId() {
        try (LogLines log = LogLines.of(JobEndings.class)) {
            fixture.handle(TOPIC, event("").replace("\"uri\"", "\"id\":\"an-id\",\"uri\""));
            fixture.answer(404);

            assertThat(log.inEcs())
                    .singleElement()
                    .satisfies(line -> assertThat(line.getMap())
                            .containsEntry("log.level", "WARN")
                            .containsEntry("event.action", "gave_up")
                            .containsEntry("jobqueue.type", "a")
                            .containsEntry("jobqueue.wiki", "enwiki")
                            .containsEntry("jobqueue.section", "s1")
                            .containsEntry("jobqueue.id", "an-id")
                            .containsEntry("http.request.id", "req")
                            .containsEntry("http.response.status_code", "404"));
        }
        assertThat(MDC.getCopyOfContextMap()).isNullOrEmpty();
    }

    @Test
    void tellsHowOldTheOldestJobsOfEachTypeAre() {
        assertThat(fixture.oldest()).isEmpty();
        Instant start = fixture.now();
        fixture.handleWritten(start.minusSeconds(60), TOPIC, event(""));
        fixture.advance(Duration.ofSeconds(5));
        fixture.handleWritten(start, "eqiad.mediawiki.job.two-at-once", event(""));
        fixture.handleWritten(start.plusSeconds(3600), "eqiad.mediawiki.job.two-at-once", event(""));
        fixture.handleWritten(start.minusSeconds(20), "eqiad.mediawiki.job.two-at-once", event(""));
        fixture.handleWritten(start, "eqiad.mediawiki.job.two-at-once", event(""));
        fixture.advance(Duration.ofSeconds(10));

        assertThat(fixture.oldest())
                .as("the first of job type a and the first two of the other run, two wait")
                .containsOnly(
                        Map.entry("a", new Ages(Duration.ofSeconds(15), Duration.ZERO, Duration.ofSeconds(75))),
                        Map.entry(
                                "two-at-once",
                                new Ages(Duration.ofSeconds(10), Duration.ofSeconds(35), Duration.ofSeconds(35))));

        fixture.target().open().get(0).answer(200);
        assertThat(fixture.oldest()).containsOnlyKeys("two-at-once");
    }

    @Test
    void whatStillRunsOfAPartitionIsNamedWhenItIsWaitedForNoLonger() {
        fixture.handle(TOPIC, event("").replace("\"uri\"", "\"id\":\"first\",\"uri\""));
        fixture.handle(TOPIC, event("").replace("\"uri\"", "\"id\":\"queued\",\"uri\""));
        fixture.handle("eqiad.mediawiki.job.b", event(""));
        fixture.advance(Duration.ofMinutes(65));
        fixture.release(TOPIC);
        try (LogLines lines = LogLines.of(StillRunningLog.class)) {
            fixture.leaveRunning(TOPIC);
            assertThat(lines.warnings())
                    .containsExactly("Still running: a of enwiki (request req, id first), for PT1H5M");
        }
    }

    /** A task that the pipeline knows nothing of. */
    private static final class Stranger implements Task {

        @Override
        public Job job() {
            return new Job("a", "enwiki", "s1", "", "", "", Buffer.buffer());
        }

        @Override
        public boolean start() {
            return true;
        }

        @Override
        public void finished(Verdict verdict) {
            // Nobody waits for it.
        }

        @Override
        public void turnedAway(Duration wait, Blockage why) {
            // Nor keeps it.
        }
    }

    /** What the pipeline writes when the first attempt of {@code event} fails now. */
    private Buffer retryOf(String event) {
        try (PipelineFixture other = new PipelineFixture()) {
            other.handle(TOPIC, event);
            other.answer(500);
            return other.letter().event().value();
        }
    }

    /** What a record in the scheduled topic says of when and where it is to come back. */
    private record Appointment(Instant due, String topic, int partition) {}

    private static Appointment scheduled(FakeOutbox.Letter letter) {
        assertThat(letter.event().topic()).isEqualTo(SCHEDULED_TOPIC);
        Map<String, Buffer> headers = letter.event().headers();
        return new Appointment(
                Instant.parse(Objects.requireNonNull(headers.get("due")).toString()),
                Objects.requireNonNull(headers.get("topic")).toString(),
                Integer.parseInt(
                        Objects.requireNonNull(headers.get("partition")).toString()));
    }

    private PolledRecord record(String topic, String value) {
        return fixture.polled(topic, value.getBytes(StandardCharsets.UTF_8));
    }

    private static String event(String more) {
        return "{\"$schema\":\"s\",\"meta\":{\"dt\":\"" + FakeTime.START
                + "\",\"stream\":\"mediawiki.job.a\",\"domain\":\"en.example\",\"uri\":\"https://u\",\"request_id\":\"req\"},"
                + "\"database\":\"enwiki\",\"type\":\"a\"" + more + "}";
    }
}
