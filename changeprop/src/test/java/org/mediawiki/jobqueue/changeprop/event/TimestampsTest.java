package org.mediawiki.jobqueue.changeprop.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimestampsTest {

    @ParameterizedTest
    @CsvSource({
        "2026-01-02T03:04:05Z, 2026-01-02T03:04:05Z",
        "2026-01-02T03:04:05, 2026-01-02T03:04:05Z",
        "2026-01-02T03:04:05.123456789Z, 2026-01-02T03:04:05.123456789Z",
        "2026-01-02T03:04:05+02:00, 2026-01-02T01:04:05Z",
        "2026-01-02T03:04:05+00:00, 2026-01-02T03:04:05Z",
        "2026-01-02T03:04Z, 2026-01-02T03:04:00Z",
    })
    void readsIso8601AndTakesItForUtc(String text, Instant instant) {
        assertThat(Timestamps.parse(text)).contains(instant);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "2026",
                "2026-01-02",
                "20260102030405",
                "1767225600",
                "2026-02-30T00:00:00Z",
                "2026-01-02T25:00:00Z",
                "2026-01-02 03:04:05",
                "+9999999999-01-01T00:00:00Z",
                "2026-01-02T03:04:05+99:00",
                "2026-01-02T03:04:05Z[No/Where]",
                "\u0662\u0660\u0662\u0666-01-01T00:00:00Z",
                "null"
            })
    void whatIsNoDateIsNone(String text) {
        assertThat(Timestamps.parse(text)).isEmpty();
    }

    /** What is read without the formatter is read as by it: real dates, of which a character or so is another. */
    @Test
    void readsEveryDateAsTheFormatterDoes() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        int valid = 0;
        for (int i = 0; i < 200_000; i++) {
            String text = garbled(date(random), random);
            Optional<Instant> expected = formatted(text);
            valid += expected.isPresent() ? 1 : 0;
            assertThat(Timestamps.parse(text)).as("%s, seed %s", text, seed).isEqualTo(expected);
        }
        assertThat(valid).isBetween(20_000, 180_000);
    }

    private static String date(Random random) {
        Instant instant = Instant.ofEpochSecond(random.nextLong(-62_000_000_000L, 250_000_000_000L));
        return instant.plusNanos(random.nextBoolean() ? 0 : random.nextInt(1_000_000_000))
                .toString();
    }

    private static String garbled(String date, Random random) {
        StringBuilder text = new StringBuilder(date);
        for (int times = random.nextInt(3); times > 0; times--) {
            int at = random.nextInt(text.length());
            switch (random.nextInt(3)) {
                case 0 -> text.setCharAt(at, "0123456789-:.TZ+ ".charAt(random.nextInt(17)));
                case 1 -> text.deleteCharAt(at);
                default -> text.insert(at, "0123456789-:.TZ+ ".charAt(random.nextInt(17)));
            }
        }
        return text.toString();
    }

    private static Optional<Instant> formatted(String text) {
        try {
            TemporalAccessor parsed =
                    DateTimeFormatter.ISO_DATE_TIME.parseBest(text, Instant::from, LocalDateTime::from);
            return Optional.of(
                    parsed instanceof Instant instant
                            ? instant
                            : LocalDateTime.from(parsed).toInstant(ZoneOffset.UTC));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
