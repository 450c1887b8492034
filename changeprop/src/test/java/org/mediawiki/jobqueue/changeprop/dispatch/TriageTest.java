package org.mediawiki.jobqueue.changeprop.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.mediawiki.jobqueue.changeprop.dispatch.Triage.Next;
import org.mediawiki.jobqueue.changeprop.event.JobEvent;
import org.mediawiki.jobqueue.changeprop.event.RetryEvent;
import org.mediawiki.jobqueue.changeprop.event.RootEvent;
import org.mediawiki.jobqueue.runner.Failure;
import org.mediawiki.jobqueue.runner.Job;

class TriageTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Rule RULE = new Rule(
            "a",
            new RetryPolicy(2, Duration.ofSeconds(60), 6),
            Optional.of(Duration.ofDays(1)),
            Optional.of(Duration.ofDays(7)),
            Duration.ofDays(30),
            true);
    private static final Rule PATIENT =
            new Rule("a", RULE.retry(), Optional.empty(), Optional.empty(), Duration.ofDays(30), true);

    private final Triage triage = new Triage("cpjobqueue#");

    @Test
    void aJobRuns() {
        assertThat(first(job(NOW))).isEqualTo(new Next.Run());
        assertThat(first(job(NOW.plusSeconds(3_600)))).as("from the future").isEqualTo(new Next.Run());
    }

    @Test
    void aCanaryIsSkippedWhateverItSays() {
        JobEvent canary = TestEvents.job("canary", NOW, Optional.of("nonsense"), Optional.empty());
        assertThat(first(canary)).isEqualTo(new Next.Skip(SkipReason.CANARY));
    }

    @Test
    void aDelayedJobWaits() {
        assertThat(first(delayed("2026-01-01T00:00:05Z"))).isEqualTo(new Next.Wait(NOW.plusSeconds(5)));
        assertThat(first(delayed("2025-12-31T23:59:59Z"))).isEqualTo(new Next.Run());
    }

    @Test
    void aDelayThatCannotBeMeantIsGivenUp() {
        assertThat(first(delayed("soon")))
                .isInstanceOfSatisfying(
                        Next.GiveUp.class,
                        giveUp -> assertThat(giveUp.why().cause()).isEqualTo(Failure.Cause.INVALID_DELAY));
        assertThat(first(delayed("2036-01-01T00:00:00Z"))).isInstanceOf(Next.GiveUp.class);
    }

    @Test
    void aJobThatIsTooOldIsAbandoned() {
        assertThat(first(job(NOW.minus(Duration.ofDays(1))))).isEqualTo(new Next.Run());
        assertThat(first(job(NOW.minus(Duration.ofDays(1)).minusMillis(1))))
                .isEqualTo(new Next.Skip(SkipReason.ABANDONED));
    }

    @Test
    void aJobOfARootThatIsTooOldIsAbandoned() {
        assertThat(first(ofRoot(NOW.minus(Duration.ofDays(7))))).isEqualTo(new Next.Run());
        assertThat(first(ofRoot(NOW.minus(Duration.ofDays(8))))).isEqualTo(new Next.Skip(SkipReason.ABANDONED));
    }

    @Test
    void withoutAnAgeLimitNothingIsTooOld() {
        JobEvent ancient = TestEvents.job(
                "d", Instant.MIN, Optional.empty(), Optional.of(new RootEvent(Instant.MIN, "signature")));
        assertThat(triage.of(content(ancient), PATIENT, NOW)).isEqualTo(new Next.Run());
    }

    @Test
    void whatTheSchedulerReleasedIsDueWhateverTheDelaysAreNow() {
        RetryEvent retry = TestEvents.retry(1, Optional.of(NOW));
        assertThat(triage.of(content(retry), RULE, NOW)).isInstanceOf(Next.Wait.class);
        assertThat(triage.of(new OpenJob.Content(retry.job(), Optional.of(retry), true, request()), RULE, NOW))
                .isEqualTo(new Next.Run());
    }

    @Test
    void aRetryWaitsForItsDelay() {
        assertThat(retry("cpjobqueue#a", 2, NOW)).isEqualTo(new Next.Wait(NOW.plusSeconds(60)));
        assertThat(retry("cpjobqueue#low_traffic_jobs", 1, NOW)).isEqualTo(new Next.Wait(NOW.plusSeconds(360)));
        assertThat(retry("cpjobqueue#a", 2, NOW.minusSeconds(60))).isEqualTo(new Next.Run());
    }

    @Test
    void aRetryOfAnotherServiceIsSkipped() {
        assertThat(retry("changeprop#a", 2, NOW)).isEqualTo(new Next.Skip(SkipReason.FOREIGN_RETRY));
        assertThat(retry("", 2, NOW)).isEqualTo(new Next.Skip(SkipReason.FOREIGN_RETRY));
    }

    @Test
    void aRetryWithNoneLeftIsGivenUp() {
        assertThat(retry("cpjobqueue#a", 0, NOW)).isInstanceOf(Next.GiveUp.class);
        assertThat(retry("cpjobqueue#a", -5, NOW)).isInstanceOf(Next.GiveUp.class);
    }

    @Test
    void aRetryOfAJobThatHasBecomeTooOldIsAbandoned() {
        RetryEvent old = TestEvents.retry(
                job(NOW.minus(Duration.ofDays(2))), "cpjobqueue#a", 2, Optional.of(NOW.minusSeconds(60)));
        assertThat(triage.of(content(old), RULE, NOW)).isEqualTo(new Next.Skip(SkipReason.ABANDONED));
    }

    private Next first(JobEvent job) {
        return triage.of(content(job), RULE, NOW);
    }

    private Next retry(String emitterId, int retriesLeft, Instant sentAt) {
        return triage.of(content(TestEvents.retry(job(NOW), emitterId, retriesLeft, Optional.of(sentAt))), RULE, NOW);
    }

    private static JobEvent job(Instant createdAt) {
        return TestEvents.job("en.example", createdAt, Optional.empty(), Optional.empty());
    }

    private static JobEvent delayed(String until) {
        return TestEvents.job("en.example", NOW, Optional.of(until), Optional.empty());
    }

    private static JobEvent ofRoot(Instant at) {
        return TestEvents.job("en.example", NOW, Optional.empty(), Optional.of(new RootEvent(at, "signature")));
    }

    private static OpenJob.Content content(JobEvent job) {
        return new OpenJob.Content(job, Optional.empty(), false, request());
    }

    private static OpenJob.Content content(RetryEvent retry) {
        return new OpenJob.Content(retry.job(), Optional.of(retry), false, request());
    }

    private static Job request() {
        return new Job("a", "enwiki", "s1", "", "", "", Buffer.buffer());
    }
}
