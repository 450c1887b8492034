package org.mediawiki.jobqueue.changeprop.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryConfigTest {

    @Test
    void eachWaitIsTheFactorTimesTheOneBefore() {
        RetryConfig usual = new RetryConfig(2, Duration.ofSeconds(60), 6);

        assertThat(usual.delayBefore(1)).isEqualTo(Duration.ofMinutes(1));
        assertThat(usual.delayBefore(2)).isEqualTo(Duration.ofMinutes(6));
    }

    @Test
    void noRetryWaitsLongerThanTheLongestDelay() {
        RetryConfig steep = new RetryConfig(100, Duration.ofDays(1), 100);

        assertThat(steep.delayBefore(100)).isEqualTo(RetryConfig.LONGEST_DELAY);
    }

    @ParameterizedTest
    @CsvSource({"-1, 6", "2, 0.9", "2, NaN", "2, -1"})
    void refusesWhatCannotBeMeant(int limit, double factor) {
        assertThatIllegalArgumentException().isThrownBy(() -> new RetryConfig(limit, Duration.ofSeconds(1), factor));
    }
}
