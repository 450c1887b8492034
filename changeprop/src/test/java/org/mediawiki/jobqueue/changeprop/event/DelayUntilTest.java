package org.mediawiki.jobqueue.changeprop.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DelayUntilTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration LONGEST = Duration.ofDays(30);

    @Test
    void withoutADelayAJobIsDue() {
        assertThat(of(Optional.empty())).isEqualTo(new DelayUntil.Due());
    }

    @ParameterizedTest
    @ValueSource(strings = {"2026-01-01T00:00:00Z", "2025-01-01T00:00:00", "-0001-01-01T00:00:00Z"})
    void aDelayThatIsOverIsDue(String date) {
        assertThat(of(Optional.of(date))).isEqualTo(new DelayUntil.Due());
    }

    @Test
    void aDelayUpToTheLongestWaits() {
        assertThat(of(Optional.of("2026-01-01T01:00:00.001+01:00"))).isEqualTo(new DelayUntil.Later(NOW.plusMillis(1)));
        assertThat(of(Optional.of("2026-01-31T00:00:00Z"))).isEqualTo(new DelayUntil.Later(NOW.plus(LONGEST)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-01-31T00:00:00.001Z",
                "2036-01-01T00:00:00Z",
                "+999999999-12-31T23:59:59Z",
                "1795346417",
                "",
                "soon"
            })
    void whatIsTooFarAheadOrNoDateIsUnusable(String date) {
        String reason = of(Optional.of(date)).match(() -> "due", at -> "later", why -> why);
        assertThat(reason).startsWith("delay_until is").endsWith(date);
    }

    @Test
    void theReasonStaysShortHoweverLongTheValue() {
        String reason = of(Optional.of("\ud83d\ude00".repeat(10_000))).match(() -> "due", at -> "later", why -> why);
        assertThat(reason).hasSizeLessThan(120);
    }

    private static DelayUntil of(Optional<String> delay) {
        JobEvent job = new JobEvent("", "s", "", "", "", NOW, "enwiki", "x", delay, Optional.empty(), Optional.empty());
        return DelayUntil.of(job, NOW, LONGEST);
    }
}
