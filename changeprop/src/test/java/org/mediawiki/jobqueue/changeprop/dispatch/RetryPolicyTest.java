package org.mediawiki.jobqueue.changeprop.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mediawiki.jobqueue.changeprop.config.RetryConfig;

class RetryPolicyTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final RetryPolicy SPEC = new RetryPolicy(new RetryConfig(2, Duration.ofSeconds(60), 6));

    @Test
    void byDefaultTwoRetriesFollowAfterOneMinuteAndAfterSix() {
        assertThat(SPEC.afterFirstAttempt()).hasValue(2);
        assertThat(RetryPolicy.afterRetry(TestEvents.retry(2, Optional.of(NOW))))
                .hasValue(1);
        assertThat(RetryPolicy.afterRetry(TestEvents.retry(1, Optional.of(NOW))))
                .isEmpty();

        assertThat(SPEC.dueAt(TestEvents.retry(2, Optional.of(NOW)), NOW)).isEqualTo(NOW.plusSeconds(60));
        assertThat(SPEC.dueAt(TestEvents.retry(1, Optional.of(NOW)), NOW)).isEqualTo(NOW.plusSeconds(360));
    }

    @Test
    void aLimitOfZeroMeansNone() {
        assertThat(new RetryPolicy(new RetryConfig(0, Duration.ofSeconds(60), 6)).afterFirstAttempt())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE + 1})
    void noRetryFollowsWhereNoneWasLeft(int retriesLeft) {
        assertThat(RetryPolicy.afterRetry(TestEvents.retry(retriesLeft, Optional.of(NOW))))
                .isEmpty();
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
        RetryPolicy steep = new RetryPolicy(new RetryConfig(1_000, Duration.ofDays(1), 1_000));
        assertThat(steep.dueAt(TestEvents.retry(1, Optional.of(NOW)), NOW))
                .isEqualTo(NOW.plus(RetryConfig.LONGEST_DELAY));
    }
}
