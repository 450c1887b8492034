package org.mediawiki.jobqueue.changeprop.dedupe;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.mediawiki.jobqueue.changeprop.event.JobEvent;
import org.mediawiki.jobqueue.changeprop.event.RootEvent;

/** What holds wherever finished jobs are remembered (SPEC section 5). */
abstract class DeduplicationContract {

    static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

    /** One that has remembered nothing yet. */
    abstract Looks fresh();

    /** Remembers, and asks; each step has its effect before the next. */
    interface Looks {
        Optional<DuplicateOf> seenBefore(JobEvent job, String rule, String stream);

        void done(JobEvent job, String rule, String stream, Instant startedAt);

        default Optional<DuplicateOf> seenBefore(JobEvent job) {
            return seenBefore(job, TestJobs.RULE, TestJobs.STREAM);
        }

        default void done(JobEvent job, Instant startedAt) {
            done(job, TestJobs.RULE, TestJobs.STREAM, startedAt);
        }
    }

    @Test
    void aJobIsNewUntilItIsDone() {
        Looks looks = fresh();
        JobEvent job = TestJobs.plain("1", NOON);

        assertThat(looks.seenBefore(job)).isEmpty();
        assertThat(looks.seenBefore(job)).isEmpty();
        looks.done(job, NOON.plusSeconds(5));
        assertThat(looks.seenBefore(job)).contains(DuplicateOf.ID);
    }

    @Test
    void anIdCountsWithinItsDomainAndRule() {
        Looks looks = fresh();
        looks.done(TestJobs.plain("1", NOON), NOON);

        JobEvent elsewhere = TestJobs.job("1", "de.example.org", NOON, Optional.empty(), Optional.empty());
        assertThat(looks.seenBefore(elsewhere)).isEmpty();
        assertThat(looks.seenBefore(TestJobs.plain("1", NOON), "a", "mediawiki.job.a"))
                .isEmpty();
    }

    @Test
    void theSameWorkIsDoneByARunThatStartedMoreThanASecondLater() {
        Looks looks = fresh();
        looks.done(TestJobs.hashed("1", NOON, "abc"), NOON.plusMillis(1_500));

        assertThat(looks.seenBefore(TestJobs.hashed("2", NOON.plusMillis(499), "abc")))
                .contains(DuplicateOf.SHA1);
        assertThat(looks.seenBefore(TestJobs.hashed("3", NOON.plusMillis(500), "abc")))
                .isEmpty();
        assertThat(looks.seenBefore(TestJobs.hashed("4", NOON, "def"))).isEmpty();
    }

    @Test
    void whatItsRootChangedWasSeenByALaterRunOfTheSameWork() {
        Looks looks = fresh();
        looks.done(TestJobs.hashed("1", NOON, "abc"), NOON.plusMillis(1_001));

        assertThat(looks.seenBefore(work("2", NOON.plusSeconds(60), "abc", NOON)))
                .contains(DuplicateOf.ROOT_OF_SHA1);
        assertThat(looks.seenBefore(work("3", NOON.plusSeconds(60), "abc", NOON.plusMillis(1))))
                .isEmpty();
    }

    @Test
    void aRunThatStartedEarlierAndEndedLaterTakesNothingBack() {
        Looks looks = fresh();
        looks.done(TestJobs.hashed("1", NOON, "abc"), NOON.plusSeconds(10));

        looks.done(TestJobs.hashed("2", NOON, "abc"), NOON.plusSeconds(5));

        assertThat(looks.seenBefore(TestJobs.hashed("3", NOON.plusSeconds(8), "abc")))
                .contains(DuplicateOf.SHA1);
    }

    @Test
    void aLeafOfAnOlderRootIsADuplicate() {
        Looks looks = fresh();
        looks.done(TestJobs.leaf("1", NOON, "sig", NOON), NOON.plusSeconds(5));

        assertThat(looks.seenBefore(TestJobs.leaf("2", NOON, "sig", NOON.minusSeconds(1))))
                .contains(DuplicateOf.ROOT);
        assertThat(looks.seenBefore(TestJobs.leaf("3", NOON, "sig", NOON))).isEmpty();
        assertThat(looks.seenBefore(TestJobs.leaf("4", NOON, "sig", NOON.plusSeconds(1))))
                .isEmpty();
        assertThat(looks.seenBefore(TestJobs.leaf("5", NOON, "other", NOON.minusSeconds(1))))
                .isEmpty();
    }

    @Test
    void theDateOfARootNeverMovesBack() {
        Looks looks = fresh();
        Instant fraction = NOON.plusMillis(250);
        looks.done(TestJobs.leaf("1", NOON, "sig", fraction), NOON.plusSeconds(5));

        looks.done(TestJobs.leaf("2", NOON, "sig", NOON), NOON.plusSeconds(6));
        assertThat(looks.seenBefore(TestJobs.leaf("3", NOON, "sig", NOON.plusMillis(249))))
                .contains(DuplicateOf.ROOT);

        looks.done(TestJobs.leaf("4", NOON, "sig", NOON.plusSeconds(1)), NOON.plusSeconds(6));
        assertThat(looks.seenBefore(TestJobs.leaf("5", NOON, "sig", fraction))).contains(DuplicateOf.ROOT);
    }

    @Test
    void aRootFromTheFutureDoesNotSilenceItsChain() {
        Looks looks = fresh();
        looks.done(TestJobs.leaf("1", NOON, "sig", Instant.parse("2999-01-01T00:00:00Z")), NOON);

        assertThat(looks.seenBefore(TestJobs.leaf("2", NOON, "sig", NOON.plusSeconds(1))))
                .isEmpty();
        assertThat(looks.seenBefore(TestJobs.leaf("3", NOON, "sig", NOON.minusSeconds(1))))
                .contains(DuplicateOf.ROOT);
    }

    @Test
    void whatHasNothingToKnowItByIsNew() {
        Looks looks = fresh();
        JobEvent nameless = TestJobs.plain("", NOON);

        looks.done(nameless, NOON.plusSeconds(5));

        assertThat(looks.seenBefore(nameless)).isEmpty();
    }

    static JobEvent work(String id, Instant createdAt, String sha1, Instant rootAt) {
        return TestJobs.job(id, createdAt, Optional.of(sha1), Optional.of(new RootEvent(rootAt, "root of " + sha1)));
    }
}
