package org.mediawiki.jobqueue.runner.breaker;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.resilience4j.core.metrics.Metrics.Outcome;
import io.github.resilience4j.core.metrics.SlidingTimeWindowMetrics;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mediawiki.jobqueue.runner.FakeTime;

class BreakerSettingsTest {

    private final FakeTime time = new FakeTime();

    /** One object for each second of 99,999 days would be the end of the process; it is what the configuration takes. */
    @ParameterizedTest
    @CsvSource({"1, 1", "60, 1", "120, 1", "121, 2", "3600, 30", "8639913600, 71999280"})
    void aWindowOfAnyLengthForgetsWhatIsOlder(long seconds, long secondsEach) {
        BreakerSettings settings = new BreakerSettings(0.5, Duration.ofSeconds(seconds), 20, Duration.ofSeconds(3), 3);
        SlidingTimeWindowMetrics window = settings.emptyWindow(new MonotonicClock(time));
        window.record(0, TimeUnit.NANOSECONDS, Outcome.ERROR);

        time.advance(Duration.ofSeconds(seconds).minusNanos(1));
        assertThat(calls(window)).as("within").isEqualTo(1);

        time.advance(Duration.ofSeconds(secondsEach));
        assertThat(calls(window)).as("after").isZero();
    }

    private static int calls(SlidingTimeWindowMetrics window) {
        return window.getSnapshot().getTotalNumberOfCalls();
    }
}
