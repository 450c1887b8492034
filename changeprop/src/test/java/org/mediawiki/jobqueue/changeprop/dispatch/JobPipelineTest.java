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

    private final Bench bench = new Bench();

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void aJobIsSentAsTheRecordsBytesAndIsDoneWhenItRan() {
        String event = event("").replace(",\"type\"", " ,\n \"type\"");
        Slot slot = bench.handle(TOPIC, event);

        Job sent = bench.target().onlyOpen().job();
        assertThat(sent)
                .isEqualTo(new Job(
                        "a",
                        "enwiki",
                        "s1",
                        "en.example",
                        "req",
                        "req:req,mediawiki.job.a:https://u",
                        Buffer.buffer(event)));
        assertThat(bench.isOpen(slot)).isTrue();

        bench.answer(200);
        assertThat(bench.ending(slot)).isEqualTo(Ending.DONE);
        assertThat(bench.wroteNothing()).isTrue();
    }

    @Test
    void aFailedJobEndsOnlyWhenTheSchedulerHasIt() {
        Slot slot = bench.handle(TOPIC, event(""));
        bench.answer(500);

        FakeOutbox.Letter letter = bench.letter();
        assertThat(letter.event().topic()).isEqualTo(SCHEDULED_TOPIC);
        assertThat(scheduled(letter)).isEqualTo(new Appointment(FakeTime.START.plusSeconds(60), RETRY_TOPIC, 3));
        JsonObject retry = new JsonObject(letter.event().value());
        assertThat(retry.getInteger("retries_left")).isEqualTo(2);
        assertThat(retry.getInteger("error_status")).isEqualTo(500);
        assertThat(bench.isOpen(slot)).isTrue();

        bench.acknowledge(letter);
        assertThat(bench.ending(slot)).isEqualTo(Ending.RETRIED);
    }

    @Test
    void aDeadJobEndsOnlyWhenTheErrorTopicHasIt() {
        Slot slot = bench.handle(TOPIC, event(""));
        bench.answer(404);

        FakeOutbox.Letter letter = bench.letter();
        assertThat(letter.event().topic()).isEqualTo(ERROR_TOPIC);
        assertThat(bench.isOpen(slot)).isTrue();

        bench.acknowledge(letter);
        assertThat(bench.ending(slot)).isEqualTo(Ending.DEAD);
    }

    @Test
    void withoutRetriesAFailureIsTheEnd() {
        bench.handle("eqiad.mediawiki.job.never-again", event(""));
        bench.answer(500);
        assertThat(bench.letter().event().topic()).isEqualTo(ERROR_TOPIC);
    }

    @Test
    void aRetryRunsTheSameBytesWhenItIsDueAndDiesAfterTheLast() {
        Buffer first = retryOf(event(""));
        bench.advance(Duration.ofSeconds(60));
        bench.handle(RETRY_TOPIC, first.getBytes());
        Job sent = bench.target().onlyOpen().job();
        assertThat(sent.body().toString()).isEqualTo(event(""));
        assertThat(sent.triggeredBy())
                .isEqualTo("req:req,mediawiki.job.a:https://u,cpjobqueue.retry.mediawiki.job.a:https://u");
        bench.answer(500);
        FakeOutbox.Letter second = bench.letter();
        assertThat(scheduled(second).due()).isEqualTo(FakeTime.START.plusSeconds(60 + 360));

        bench.advance(Duration.ofMinutes(6));
        Slot last = bench.handle(RETRY_TOPIC, second.event().value().getBytes());
        bench.answer(500);
        FakeOutbox.Letter error = bench.letter();
        assertThat(error.event().topic()).isEqualTo(ERROR_TOPIC);
        assertThat(new JsonObject(error.event().value()).getString("raw_event")).isEqualTo(event(""));
        bench.acknowledge(error);
        assertThat(bench.ending(last)).isEqualTo(Ending.DEAD);
    }

    @Test
    void aRetryThatIsNotDueWaitsInTheSchedulerAsItStands() {
        Buffer retry = retryOf(event(""));
        Slot slot = bench.handle(RETRY_TOPIC, retry.getBytes());

        FakeOutbox.Letter letter = bench.letter();
        assertThat(letter.event().value()).isEqualTo(retry);
        assertThat(scheduled(letter)).isEqualTo(new Appointment(FakeTime.START.plusSeconds(60), RETRY_TOPIC, 3));
        assertThat(bench.isOpen(slot)).isTrue();

        bench.acknowledge(letter);
        assertThat(bench.ending(slot)).isEqualTo(Ending.SCHEDULED);
        bench.advance(Duration.ofHours(1));
        assertThat(bench.target().sent()).isEmpty();
    }

    @Test
    void aRetryAfterAShortDelayMakesNoDetour() {
        bench.handle("eqiad.mediawiki.job.soon-again", event(""));
        bench.answer(500);
        assertThat(bench.letter().event().topic()).isEqualTo("eqiad.cpjobqueue.retry.mediawiki.job.soon-again");
    }

    @Test
    void aHoldPutsTheJobBackAndCostsNoAttempt() {
        Slot slot = bench.handle(TOPIC, event(""));
        bench.answer(423);
        assertThat(bench.isOpen(slot)).isTrue();
        assertThat(bench.wroteNothing()).isTrue();

        bench.advance(Bench.READONLY_HOLD);
        bench.answer(500);
        assertThat(new JsonObject(bench.letter().event().value()).getInteger("retries_left"))
                .isEqualTo(2);
    }

    @Test
    void aDelayedJobWaitsInTheSchedulerAndComesBackForItsFirstAttempt() {
        String event = event(",\"delay_until\":\"" + FakeTime.START.plusSeconds(90) + "\"");
        Slot slot = bench.handle(TOPIC, event);

        FakeOutbox.Letter letter = bench.letter();
        assertThat(scheduled(letter)).isEqualTo(new Appointment(FakeTime.START.plusSeconds(90), RETRY_TOPIC, 3));
        assertThat(bench.announced()).containsExactly(RETRY_TOPIC);
        assertThat(bench.isOpen(slot)).isTrue();
        bench.acknowledge(letter);
        assertThat(bench.ending(slot)).isEqualTo(Ending.SCHEDULED);

        bench.advance(Duration.ofSeconds(90));
        bench.handle(RETRY_TOPIC, letter.event().value().getBytes());
        Job sent = bench.target().onlyOpen().job();
        assertThat(sent.body().toString()).isEqualTo(event);
        assertThat(sent.triggeredBy()).isEqualTo("req:req,mediawiki.job.a:https://u");

        bench.answer(500);
        FakeOutbox.Letter retry = bench.letter();
        assertThat(new JsonObject(retry.event().value()).getInteger("retries_left"))
                .as("no attempt was spent")
                .isEqualTo(2);
        assertThat(scheduled(retry).due()).isEqualTo(FakeTime.START.plusSeconds(90 + 60));
    }

    /** As after a standstill: the partition may be another's by now, who schedules the job as well. */
    @Test
    void aDelayedJobIsNotScheduledWhileNothingMayStart() {
        String event = event(",\"delay_until\":\"" + FakeTime.START.plusSeconds(90) + "\"");
        bench.mayStart(false);
        Slot slot = bench.handle(TOPIC, event);
        Slot given = bench.handle("eqiad.mediawiki.job.b", event);
        bench.advance(Duration.ofSeconds(10));
        assertThat(bench.wroteNothing()).isTrue();
        bench.release("eqiad.mediawiki.job.b");
        assertThat(bench.ending(given)).isEqualTo(Ending.RELEASED);

        bench.mayStart(true);
        bench.advance(Duration.ofSeconds(1));

        FakeOutbox.Letter letter = bench.letter();
        assertThat(scheduled(letter)).isEqualTo(new Appointment(FakeTime.START.plusSeconds(90), RETRY_TOPIC, 3));
        bench.acknowledge(letter);
        assertThat(bench.ending(slot)).isEqualTo(Ending.SCHEDULED);
    }

    @Test
    void aShortDelayIsSpentInMemoryWithoutAPlaceInALimit() {
        Slot slot = bench.handle(TOPIC, event(",\"delay_until\":\"" + FakeTime.START.plusSeconds(5) + "\""));
        Slot other = bench.handle(TOPIC, event(""));
        assertThat(bench.waiting()).isEqualTo(1);
        bench.answer(200);
        assertThat(bench.ending(other)).isEqualTo(Ending.DONE);
        bench.advance(Duration.ofMillis(4_999));
        assertThat(bench.target().sent()).hasSize(1);

        bench.advance(Duration.ofMillis(1));
        bench.answer(200);
        assertThat(bench.ending(slot)).isEqualTo(Ending.DONE);
    }

    @Test
    void whatTheSchedulerDoesNotTakeWaitsHere() {
        Slot slot = bench.handle(TOPIC, event(",\"delay_until\":\"" + FakeTime.START.plusSeconds(90) + "\""));
        bench.refuseAsTooLarge(bench.letter());
        assertThat(bench.waiting()).isEqualTo(1);

        bench.advance(Duration.ofSeconds(90));
        bench.answer(200);
        assertThat(bench.ending(slot)).isEqualTo(Ending.DONE);
    }

    @Test
    void whatTheLaneTurnsAwayWaitsInTheSchedulerAndSpendsNoAttempt() {
        bench.handle(TOPIC, event(""));
        bench.answer(423);
        List<Slot> others = Stream.generate(() -> bench.handle(TOPIC, event("")))
                .limit(Bench.MOST_BLOCKED)
                .toList();

        FakeOutbox.Letter letter = bench.letter();
        Appointment appointment = scheduled(letter);
        assertThat(appointment.topic()).isEqualTo(RETRY_TOPIC);
        assertThat(appointment.due()).isBetween(FakeTime.START.plusSeconds(59), FakeTime.START.plusSeconds(120));
        assertThat(new JsonObject(letter.event().value()).getBoolean("waited")).isTrue();
        assertThat(bench.isOpen(others.get(1))).isTrue();
        bench.acknowledge(letter);
        assertThat(bench.ending(others.get(1))).isEqualTo(Ending.SCHEDULED);
    }

    @Test
    void aJobThatIsDoneIsRememberedAndItsDuplicateSkipped() {
        bench.handle(TOPIC, event(""));
        bench.advance(Duration.ofSeconds(3));
        assertThat(bench.deduplication().done()).as("while it runs").isEmpty();
        bench.answer(200);
        assertThat(bench.deduplication().done())
                .containsExactly(new FakeDeduplication.Run("", "a", "mediawiki.job.a", FakeTime.START));

        bench.deduplication().knows("");
        assertThat(bench.ending(bench.handle(TOPIC, event("")))).isEqualTo(Ending.SKIPPED);
        assertThat(bench.target().sent()).hasSize(1);
    }

    @Test
    void aJobThatFailedIsNotRemembered() {
        bench.handle(TOPIC, event(""));
        bench.answer(500);
        assertThat(bench.deduplication().done()).isEmpty();
    }

    @Test
    void aRetryIsNoDuplicateButIsRememberedWhenItIsDone() {
        bench.deduplication().knows("");
        Buffer retry = retryOf(event(""));
        bench.advance(Duration.ofSeconds(60));
        bench.handle(RETRY_TOPIC, retry.getBytes());
        bench.answer(200);
        assertThat(bench.deduplication().done())
                .containsExactly(new FakeDeduplication.Run("", "a", "mediawiki.job.a", FakeTime.START.plusSeconds(60)));
    }

    @Test
    void aRetryThatWasWrittenTwiceRunsOnce() {
        Buffer retry = retryOf(event(""));
        bench.advance(Duration.ofSeconds(60));
        bench.deduplication().knowsHere("");
        assertThat(bench.ending(bench.handle(RETRY_TOPIC, retry.getBytes()))).isEqualTo(Ending.SKIPPED);
    }

    @Test
    void whatTheSchedulerReleasedRunsThoughTheClockHereIsBehind() {
        bench.handleReleased(RETRY_TOPIC, retryOf(event("")).getBytes());
        assertThat(bench.target().open()).hasSize(1);
    }

    @Test
    void whatIsTooLargeForTheSchedulerIsLeftToTheNextOwnerOfItsPartition() {
        Slot slot = bench.handle(TOPIC, event(",\"delay_until\":\"" + FakeTime.START.plusSeconds(90) + "\""));
        FakeOutbox.Letter letter = bench.letter();
        bench.release(TOPIC);
        bench.refuseAsTooLarge(letter);
        assertThat(bench.ending(slot)).isEqualTo(Ending.RELEASED);
        assertThat(bench.waiting()).isZero();
    }

    @Test
    void aDuplicateOfAJobThatRanWhileItWasQueuedDoesNotStart() {
        bench.handle(TOPIC, event(""));
        Slot queued = bench.handle(TOPIC, event(""));
        Slot other = bench.handle(TOPIC, event("").replace("\"uri\"", "\"id\":\"other\",\"uri\""));
        bench.deduplication().knowsHere("");
        bench.answer(200);

        assertThat(bench.ending(queued)).isEqualTo(Ending.SKIPPED);
        bench.answer(200);
        assertThat(bench.ending(other)).isEqualTo(Ending.DONE);
    }

    @Test
    void whatIsReleasedWhileTheStoreIsAskedIsLeftToTheNextOwner() {
        bench.deduplication().beSlow();
        Slot slot = bench.handle(TOPIC, event(""));
        assertThat(bench.target().sent()).isEmpty();
        bench.release(TOPIC);

        bench.answerThatItIsNoDuplicate();

        assertThat(bench.ending(slot)).isEqualTo(Ending.RELEASED);
        assertThat(bench.target().sent()).isEmpty();
    }

    @Test
    void whatHasNotStartedIsReleasedWithItsPartition() {
        Slot running = bench.handle(TOPIC, event(""));
        Slot queued = bench.handle(TOPIC, event(""));
        Slot delayed = bench.handle(TOPIC, event(",\"delay_until\":\"" + FakeTime.START.plusSeconds(4) + "\""));
        Slot kept = bench.handle("eqiad.mediawiki.job.b", event(""));

        bench.release(TOPIC);

        assertThat(bench.ending(queued)).isEqualTo(Ending.RELEASED);
        assertThat(bench.ending(delayed)).isEqualTo(Ending.RELEASED);
        assertThat(bench.isOpen(running)).isTrue();
        assertThat(bench.isOpen(kept)).isTrue();
        bench.target().open().get(0).answer(200);
        assertThat(bench.ending(running)).isEqualTo(Ending.DONE);
    }

    /** Whoever waits for it lets nothing start until then. */
    @Test
    void aReleaseThatABugInterruptsIsOverNonetheless() {
        bench.handle(TOPIC, event(""));
        bench.submit(new Stranger());

        assertThat(bench.released(TOPIC)).isCompletedExceptionally();
        assertThat(bench.released("eqiad.mediawiki.job.b")).isDone();
    }

    /** Whoever hands partitions over would otherwise wait for it in vain, and hide the bug. */
    @Test
    void whatIsThrownWhileJobsAreCountedIsTold() {
        bench.handle(TOPIC, event(""));
        bench.breakClock();

        assertThat(bench.askedAtWork(TOPIC)).isCompletedExceptionally();
    }

    @Test
    void aReleasedJobThatIsHeldIsLeftToItsNextOwner() {
        Slot slot = bench.handle(TOPIC, event(""));
        bench.release(TOPIC);
        bench.answer(423);
        assertThat(bench.ending(slot)).isEqualTo(Ending.RELEASED);
    }

    @Test
    void aJobThatStillRunsWhenItsPartitionComesBackIsNotStartedASecondTime() {
        String event = event("");
        Slot before = bench.handle(TOPIC, event);
        bench.release(TOPIC);

        Slot again = bench.handleAgain(before, TOPIC, event);
        bench.answer(200);

        assertThat(bench.target().sent()).hasSize(1);
        assertThat(bench.ending(again)).isEqualTo(Ending.DONE);
        assertThat(bench.ending(before))
                .as("or nobody would hear of it where the partition has gone on")
                .isEqualTo(Ending.DONE);
    }

    /** An unclean election, or a topic that was made anew; what ran from there runs on. */
    @Test
    void whatRunsIsKeptApartFromWhatStandsInItsPlaceNow() {
        String topic = "eqiad.mediawiki.job.two-at-once";
        Slot before = bench.handle(topic, event(",\"sha1\":\"first\""));
        bench.advance(Duration.ofSeconds(3));
        bench.handleAgain(before, topic, event(",\"sha1\":\"second\""));
        bench.advance(Bench.TIMEOUT);

        bench.target().open().get(0).answer(200);

        assertThat(bench.atWork(topic)).as("the second runs on").hasSize(1);
        assertThat(bench.overdue(Duration.ofSeconds(-1))).contains(Bench.TIMEOUT);
        bench.answer(200);
        assertThat(bench.deduplication().done())
                .as("what was created while they ran is no duplicate")
                .extracting(FakeDeduplication.Run::startedAt)
                .containsExactly(FakeTime.START, FakeTime.START.plusSeconds(3));
    }

    @Test
    void nothingStartsAfterAStop() {
        Slot running = bench.handle(TOPIC, event(""));
        Slot queued = bench.handle(TOPIC, event(""));

        bench.stop();
        Slot late = bench.handle(TOPIC, event(""));
        bench.answer(200);

        assertThat(bench.ending(queued)).isEqualTo(Ending.RELEASED);
        assertThat(bench.ending(late)).isEqualTo(Ending.RELEASED);
        assertThat(bench.ending(running)).isEqualTo(Ending.DONE);
        assertThat(bench.target().sent()).hasSize(1);
    }

    @Test
    void whatIsNoJobGoesToTheErrorTopicWithItsBytes() {
        byte[] noText = "no j\u00f6b".getBytes(StandardCharsets.ISO_8859_1);
        Slot slot = bench.handle(TOPIC, noText);

        FakeOutbox.Letter letter = bench.letter();
        assertThat(letter.event().topic()).isEqualTo(ERROR_TOPIC);
        assertThat(letter.event().headers()).containsEntry("raw_event", Buffer.buffer(noText));
        bench.acknowledge(letter);
        assertThat(bench.ending(slot)).isEqualTo(Ending.DEAD);
    }

    /** JSON to whoever reads overlong UTF-8, as Jackson does; a replay must send what was signed. */
    @Test
    void aDeadJobWhoseBytesAreNoTextKeepsThemBesideTheErrorEvent() {
        byte[] job = event(",\"params\":{\"t\":\"\u00c0\u0080\"}").getBytes(StandardCharsets.ISO_8859_1);
        bench.handle(TOPIC, job);
        bench.answer(404);

        FakeOutbox.Letter letter = bench.letter();
        assertThat(letter.event().topic()).isEqualTo(ERROR_TOPIC);
        assertThat(letter.event().headers()).containsEntry("raw_event", Buffer.buffer(job));
    }

    @Test
    void aDeadJobThatIsTextStandsInTheErrorEventAlone() {
        bench.handle(TOPIC, event(",\"params\":{\"t\":\"\u017c\u00f3\u0142\u0107 \ud83d\ude00\"}"));
        bench.answer(404);

        assertThat(bench.letter().event().headers()).doesNotContainKey("raw_event");
    }

    /** PHP could not read it there, and in the middle of a retry event nobody could. */
    @Test
    void aByteOrderMarkIsNoPartOfAJob() {
        bench.handle(TOPIC, "\ufeff" + event(""));
        assertThat(bench.target().onlyOpen().job().body()).hasToString(event(""));
        bench.answer(500);

        bench.advance(Duration.ofSeconds(60));
        bench.handle(RETRY_TOPIC, bench.letter().event().value().getBytes());
        assertThat(bench.target().onlyOpen().job().body()).hasToString(event(""));
    }

    @Test
    void tombstonesCanariesAndForeignRetriesAreSkipped() {
        String foreign = retryOf(event("")).toString().replace("cpjobqueue#", "changeprop#");
        assertThat(bench.ending(bench.handle(TOPIC, (byte[]) null))).isEqualTo(Ending.SKIPPED);
        assertThat(bench.ending(bench.handle(TOPIC, event("").replace("en.example", "canary"))))
                .isEqualTo(Ending.SKIPPED);
        assertThat(bench.ending(bench.handle(RETRY_TOPIC, foreign))).isEqualTo(Ending.SKIPPED);
        assertThat(bench.target().sent()).isEmpty();
    }

    @Test
    void aRetryThatNoTopicTakesIsDeadAndWhatTheErrorTopicDoesNotTakeIsCut() {
        Slot slot = bench.handle(TOPIC, event(",\"params\":{\"x\":\"" + "x".repeat(100_000) + "\"}"));
        bench.answer(500);
        bench.refuseAsTooLarge(bench.letter());

        FakeOutbox.Letter whole = bench.letter();
        assertThat(whole.event().topic()).isEqualTo(ERROR_TOPIC);
        bench.refuseAsTooLarge(whole);

        FakeOutbox.Letter cut = bench.letter();
        assertThat(cut.event().value().length()).isLessThan(20_000);
        assertThat(bench.isOpen(slot)).isTrue();
        bench.acknowledge(cut);
        assertThat(bench.ending(slot)).isEqualTo(Ending.DEAD);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0001-01-01T00:00:00Z", "-999999999-01-01T00:00:00Z", "+999999999-12-31T23:59:59Z"})
    void datesFarAwayRunLikeAnyOther(String date) {
        String far = event(",\"root_event\":{\"dt\":\"" + date + "\",\"signature\":\"s\"}")
                .replace(FakeTime.START.toString(), date);
        Slot slot = bench.handle(TOPIC, far);
        bench.answer(200);
        assertThat(bench.ending(slot)).isEqualTo(Ending.DONE);
        assertThat(bench.lane().running()).isZero();
    }

    @Test
    void aBugMakesItsRecordDeadAndStopsNoOther() {
        PolledRecord broken = record("eqiad.mediawiki.job.no-rule", event(""));
        PolledRecord brokenLater = record("eqiad.mediawiki.job.no-limits", event(""));
        PolledRecord good = record(TOPIC, event(""));

        bench.handle(List.of(broken, brokenLater, good));

        bench.answer(200);
        assertThat(bench.ending(good.slot())).isEqualTo(Ending.DONE);
        bench.acknowledgeAll();
        assertThat(bench.ending(broken.slot())).isEqualTo(Ending.DEAD);
        assertThat(bench.ending(brokenLater.slot())).isEqualTo(Ending.DEAD);
        assertThat(bench.failures()).isEmpty();
    }

    /** While its slot is open no offset above it is committed: that must not go unnoticed. */
    @Test
    void aRecordThatCannotEvenBeGivenUpStopsNoOtherAndIsTheEndOfItsLane() {
        bench.outbox().breakDown();
        PolledRecord broken = record("eqiad.mediawiki.job.no-rule", event(""));
        PolledRecord worse = record("eqiad.mediawiki.job.no-class", event(""));
        PolledRecord good = record(TOPIC, event(""));

        bench.handle(List.of(broken, worse, good));

        bench.answer(200);
        assertThat(bench.ending(good.slot())).isEqualTo(Ending.DONE);
        assertThat(bench.isOpen(broken.slot())).isTrue();
        assertThat(bench.isOpen(worse.slot())).isTrue();
        assertThat(bench.failures()).extracting(Throwable::getMessage).containsExactly("a bug of the outbox", "a bug");
    }

    @Test
    void aBugInAJobThatWaitedStopsNoOther() {
        String delayed = event(",\"delay_until\":\"" + FakeTime.START.plusSeconds(5) + "\"");
        Slot broken = bench.handle("eqiad.mediawiki.job.no-limits", delayed);
        Slot good = bench.handle(TOPIC, delayed);

        bench.advance(Duration.ofSeconds(10));

        bench.answer(200);
        assertThat(bench.ending(good)).isEqualTo(Ending.DONE);
        bench.acknowledgeAll();
        assertThat(bench.ending(broken)).isEqualTo(Ending.DEAD);
    }

    @Test
    void tellsHowLongTheOldestAttemptHasBeenUnderWayThatOutlivedItsTimeout() {
        bench.handle(TOPIC, event(""));
        bench.advance(Duration.ofSeconds(5));
        bench.handle("eqiad.mediawiki.job.b", event(""));
        bench.advance(Bench.TIMEOUT);
        assertThat(bench.overdue(Duration.ofSeconds(5))).isEmpty();
        bench.advance(Duration.ofSeconds(5));
        assertThat(bench.overdue(Duration.ofSeconds(5))).contains(Bench.TIMEOUT.plusSeconds(10));
    }

    @Test
    void anAttemptMayTakeAsLongAsWhenItBeganWhateverIsConfiguredMeanwhile() {
        bench.handle(TOPIC, event(""));
        bench.advance(Duration.ofMinutes(10));
        bench.reconfigure(Duration.ofMinutes(1));
        bench.handle("eqiad.mediawiki.job.b", event(""));
        bench.advance(Duration.ofMinutes(1));
        assertThat(bench.overdue(Duration.ZERO)).isEmpty();
        bench.advance(Duration.ofSeconds(1));
        assertThat(bench.overdue(Duration.ZERO)).as("the second").contains(Duration.ofSeconds(61));
    }

    @Test
    void aJobThatIsGivenUpCanBeFoundInTheLogByItsTypeWikiRequestAndId() {
        try (LogLines log = LogLines.of(JobEndings.class)) {
            bench.handle(TOPIC, event("").replace("\"uri\"", "\"id\":\"an-id\",\"uri\""));
            bench.answer(404);

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
        assertThat(bench.oldest()).isEmpty();
        Instant start = bench.now();
        bench.handleWritten(start.minusSeconds(60), TOPIC, event(""));
        bench.advance(Duration.ofSeconds(5));
        bench.handleWritten(start, "eqiad.mediawiki.job.two-at-once", event(""));
        bench.handleWritten(start.plusSeconds(3600), "eqiad.mediawiki.job.two-at-once", event(""));
        bench.handleWritten(start.minusSeconds(20), "eqiad.mediawiki.job.two-at-once", event(""));
        bench.handleWritten(start, "eqiad.mediawiki.job.two-at-once", event(""));
        bench.advance(Duration.ofSeconds(10));

        assertThat(bench.oldest())
                .as("the first of job type a and the first two of the other run, two wait")
                .containsOnly(
                        Map.entry("a", new Ages(Duration.ofSeconds(15), Duration.ZERO, Duration.ofSeconds(75))),
                        Map.entry(
                                "two-at-once",
                                new Ages(Duration.ofSeconds(10), Duration.ofSeconds(35), Duration.ofSeconds(35))));

        bench.target().open().get(0).answer(200);
        assertThat(bench.oldest()).containsOnlyKeys("two-at-once");
    }

    @Test
    void whatStillRunsOfAPartitionIsNamedWhenItIsWaitedForNoLonger() {
        bench.handle(TOPIC, event("").replace("\"uri\"", "\"id\":\"first\",\"uri\""));
        bench.handle(TOPIC, event("").replace("\"uri\"", "\"id\":\"queued\",\"uri\""));
        bench.handle("eqiad.mediawiki.job.b", event(""));
        bench.advance(Duration.ofMinutes(65));
        bench.release(TOPIC);
        try (LogLines lines = LogLines.of(StillRunningLog.class)) {
            bench.leaveRunning(TOPIC);
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
        try (Bench other = new Bench()) {
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
        return bench.polled(topic, value.getBytes(StandardCharsets.UTF_8));
    }

    private static String event(String more) {
        return "{\"$schema\":\"s\",\"meta\":{\"dt\":\"" + FakeTime.START
                + "\",\"stream\":\"mediawiki.job.a\",\"domain\":\"en.example\",\"uri\":\"https://u\",\"request_id\":\"req\"},"
                + "\"database\":\"enwiki\",\"type\":\"a\"" + more + "}";
    }
}
