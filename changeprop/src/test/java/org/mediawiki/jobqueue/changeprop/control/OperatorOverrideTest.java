package org.mediawiki.jobqueue.changeprop.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mediawiki.jobqueue.changeprop.control.Knob.Kind;

class OperatorOverrideTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00.123Z");
    private static final Knob KNOB = new Knob(Kind.TYPE_CONCURRENCY, "refreshLinks");

    @ParameterizedTest
    @EnumSource(Kind.class)
    void aKnobIsKnownByItsKey(Kind kind) {
        Knob knob = new Knob(kind, "a.b_c-d");

        assertThat(Knob.of(knob.key())).contains(knob);
    }

    @Test
    void aKeyIsWrittenAsOperatorsReadIt() {
        assertThat(KNOB.key()).isEqualTo("type/refreshLinks/concurrency");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "type/refreshLinks",
                "type//paused",
                "type/a b/paused",
                "lane/main/concurrency",
                "type/a/paused/b",
                "x/a/paused"
            })
    void anUnknownKeyIsNoKnob(String key) {
        assertThat(Knob.of(key)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "TYPE_CONCURRENCY, 0",
        "TYPE_CONCURRENCY, -1",
        "TYPE_CONCURRENCY, 100001",
        "TYPE_CONCURRENCY, 1.5",
        "TYPE_CONCURRENCY, ''",
        "TYPE_RATE, 5",
        "TYPE_RATE, 0/s",
        "TYPE_PAUSED, yes",
        "LANE_PAUSED, 1"
    })
    void aValueThatTheFileCouldNotHaveIsRefused(Kind kind, String value) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new OperatorOverride(new Knob(kind, "a"), value, "me", "why", NOW, Optional.empty()));
    }

    @Test
    void whatPeopleSayIsOneLineOfBoundedLength() {
        assertThatIllegalArgumentException().isThrownBy(() -> override("two\nlines"));
        assertThatIllegalArgumentException().isThrownBy(() -> override("x".repeat(OperatorOverride.MAX_CHARS + 1)));
    }

    @Test
    void isTheSameOnceItWasWrittenAndRead() {
        OperatorOverride ending =
                new OperatorOverride(KNOB, "7", "me", "\"why\" ☃", NOW, Optional.of(NOW.plusSeconds(7)));
        OperatorOverride endless = override("why");

        assertThat(OverrideCodec.decode(KNOB, OverrideCodec.encode(ending))).isEqualTo(ending);
        assertThat(OverrideCodec.decode(KNOB, OverrideCodec.encode(endless))).isEqualTo(endless);
    }

    @Test
    void whatLaterVersionsAddIsIgnored() {
        byte[] later = """
                {"version": 2, "value": "7", "by": "me", "reason": "why", "at": "2026-01-01T00:00:00.123Z", "mood": {}}
                """.getBytes(StandardCharsets.UTF_8);

        assertThat(OverrideCodec.decode(KNOB, later)).isEqualTo(override("why"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "7",
                "[]",
                "{",
                "{\"value\": \"7\"}",
                "{\"value\": \"many\", \"at\": \"2026-01-01T00:00:00Z\"}",
                "{\"value\": \"7\", \"at\": \"2026-01-01T00:00:00Z\", \"until\": \"soon\"}"
            })
    void whatIsNoOverrideIsSaidToBeNone(String value) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OverrideCodec.decode(KNOB, value.getBytes(StandardCharsets.UTF_8)));
    }

    private static OperatorOverride override(String reason) {
        return new OperatorOverride(KNOB, "7", "me", reason, NOW, Optional.empty());
    }
}
