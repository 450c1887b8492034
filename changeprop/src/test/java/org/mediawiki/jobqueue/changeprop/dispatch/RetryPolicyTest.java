package org.mediawiki.jobqueue.changeprop.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mediawiki.jobqueue.changeprop.dispatch.RetryPolicy.Retry;
import org.mediawiki.jobqueue.changeprop.event.RetryEvent;

class RetryPolicyTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final RetryPolicy SPEC = new RetryPolicy(2, Duration.ofSeconds(60), 6);

    @Test
    void byDefaultTwoRetriesFollowAfterOneMinuteAndAfterSix() {
        assertThat(SPEC.afterFailure(Optional.empty())).contains(new Retry(1, 2));
        assertThat(SPEC.afterFailure(retry(2))).contains(new Retry(2, 1));
        assertThat(SPEC.afterFailure(retry(1))).isEmpty();

        assertThat(SPEC.dueAt(TestEvents.retry(2, Optional.of(NOW)), NOW)).isEqualTo(NOW.plusSeconds(60));
        assertThat(SPEC.dueAt(TestEvents.retry(1, Optional.of(NOW)), NOW)).isEqualTo(NOW.plusSeconds(360));
    }

    @Test
    void aLimitOfZeroMeansNone() {
        RetryPolicy none = new RetryPolicy(0, Duration.ofSeconds(60), 6);
        assertThat(none.afterFailure(Optional.empty())).isEmpty();
        assertThat(none.afterFailure(retry(2))).isEmpty();
    }

    @Test
    void aJobThatWaitedHasAllItsRetriesBeforeIt() {
        RetryEvent waited = TestEvents.waited(TestEvents.job(), SPEC.beforeFirstAttempt());
        assertThat(SPEC.afterFailure(Optional.of(waited))).contains(new Retry(1, 2));
    }

    @Test
    void moreRetriesThanTheLimitAreNotGiven() {
        assertThat(SPEC.afterFailure(retry(9)).map(Retry::left)).contains(1);
    }

    /** It is raised while things go wrong; what was counted from the old one would wait for a day, or for a month. */
    @Test
    void aLimitThatIsRaisedMeanwhileMakesNoRetryLater() {
        RetryPolicy raised = new RetryPolicy(5, Duration.ofSeconds(60), 6);
        RetryEvent first = TestEvents.nthRetry(1, 2, NOW);
        RetryEvent second = TestEvents.nthRetry(2, 1, NOW);

        assertThat(raised.dueAt(first, NOW)).isEqualTo(NOW.plusSeconds(60));
        assertThat(raised.afterFailure(Optional.of(first))).contains(new Retry(2, 1));
        assertThat(raised.dueAt(second, NOW)).isEqualTo(NOW.plusSeconds(360));
        assertThat(raised.afterFailure(Optional.of(second)))
                .as("it gives no more of them to what had its last before")
                .isEmpty();
    }

    @Test
    void aLimitThatIsLoweredMeanwhileMakesNoRetrySooner() {
        RetryPolicy lowered = new RetryPolicy(2, Duration.ofSeconds(60), 6);

        assertThat(lowered.dueAt(TestEvents.nthRetry(3, 2, NOW), NOW)).isEqualTo(NOW.plusSeconds(60 * 36));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE + 1})
    void noRetryFollowsWhereNoneWasLeft(int retriesLeft) {
        assertThat(SPEC.afterFailure(retry(retriesLeft))).isEmpty();
    }

    @Test
    void moreRetriesLeftThanTheLimitAreTheFirst() {
        assertThat(SPEC.dueAt(TestEvents.retry(9, Optional.of(NOW)), NOW)).isEqualTo(NOW.plusSeconds(60));
    }

    @Test
    void aRetryThatDoesNotSayWhenItWasSentIsDue() {
        assertThat(SPEC.dueAt(TestEvents.retry(2, Optional.empty()), NOW)).isEqualTo(NOW);
    }

    @Test
    void noRetryWaitsLongerThanTheLongestDelay() {
        RetryPolicy steep = new RetryPolicy(1_000, Duration.ofDays(1), 1_000);
        assertThat(steep.dueAt(TestEvents.retry(1, Optional.of(NOW)), NOW))
                .isEqualTo(NOW.plus(RetryPolicy.LONGEST_DELAY));
        assertThat(steep.delayBefore(1_000)).isEqualTo(RetryPolicy.LONGEST_DELAY);
    }

    private static Optional<RetryEvent> retry(int retriesLeft) {
        return Optional.of(TestEvents.retry(retriesLeft, Optional.of(NOW)));
    }

    @ParameterizedTest
    @CsvSource({"-1, 6", "2, 0.9", "2, NaN", "2, -1"})
    void refusesWhatCannotBeMeant(int limit, double factor) {
        assertThatIllegalArgumentException().isThrownBy(() -> new RetryPolicy(limit, Duration.ofSeconds(1), factor));
    }
}
