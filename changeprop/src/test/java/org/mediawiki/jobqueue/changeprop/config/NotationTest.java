package org.mediawiki.jobqueue.changeprop.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Durations, rates and sizes as people write them. */
class NotationTest {

    @ParameterizedTest
    @CsvSource({"500ms,PT0.5S,500ms", "60s,PT1M,1m", "1210s,PT20M10S,1210s", "24h,P1D,1d", "7d,P7D,7d", "0s,PT0S,0s"})
    void readsDurationsAndWritesThemShort(String text, Duration duration, String written) {
        assertThat(Durations.parse(text)).isEqualTo(duration);
        assertThat(Durations.format(duration)).isEqualTo(written);
    }

    @ParameterizedTest
    @CsvSource({"5/s,5,5/s", "300/m,5,5/s", "30/m,0.5,30/m", "36/h,0.01,36/h", "0.5/s,0.5,30/m"})
    void readsRatesAndWritesThemShort(String text, double perSecond, String written) {
        assertThat(Rate.parse(text).perSecond()).isEqualTo(perSecond);
        assertThat(Rate.parse(text)).hasToString(written);
    }

    @ParameterizedTest
    @CsvSource({"64MiB,67108864,64MiB", "1GiB,1073741824,1GiB", "1024KiB,1048576,1MiB", "1500B,1500,1500B"})
    void readsSizesAndWritesThemShort(String text, long bytes, String written) {
        assertThat(DataSize.parse(text).bytes()).isEqualTo(bytes);
        assertThat(DataSize.parse(text)).hasToString(written);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "64", "0MiB", "64 MiB", "64MB", "-1B", "1.5GiB"})
    void refusesWhatIsNoSize(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> DataSize.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "60", "60 s", "-1s", "1.5h", "1w", "99999999999s", "s"})
    void refusesWhatIsNoDuration(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Durations.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "0/s", "0.0/h", "5/d", "-5/s", "5 / s", "/s"})
    void refusesWhatIsNoRate(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Rate.parse(text));
    }
}
