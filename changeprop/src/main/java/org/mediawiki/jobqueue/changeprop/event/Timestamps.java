package org.mediawiki.jobqueue.changeprop.event;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;
import java.util.Optional;

/** ISO 8601 dates as events carry them; without an offset they are UTC. */
public final class Timestamps {

    /** {@code 2026-11-26T02:45:00Z}; a fraction of a second goes before the Z. */
    private static final String USUAL = "dddd-dd-ddTdd:dd:ddZ";

    private static final int SECONDS_END = USUAL.length() - 1;
    private static final int MOST_DIGITS_OF_NANOS = 9;

    private Timestamps() {}

    /** Empty where {@code text} is no date. */
    public static Optional<Instant> parse(String text) {
        try {
            return Optional.of(isUsual(text) ? usual(text) : any(text));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static Instant any(String text) {
        TemporalAccessor parsed = DateTimeFormatter.ISO_DATE_TIME.parseBest(text, Instant::from, LocalDateTime::from);
        return parsed instanceof Instant instant
                ? instant
                : LocalDateTime.from(parsed).toInstant(ZoneOffset.UTC);
    }

    /**
     * Whether it is as MediaWiki and the intake write it. The formatter takes 0.8 us and an eighth of all that is
     * allocated for a job, so it is left to the others.
     */
    private static boolean isUsual(String text) {
        int end = text.length() - 1;
        if (end < SECONDS_END || text.charAt(end) != 'Z') {
            return false;
        }
        for (int i = 0; i < SECONDS_END; i++) {
            char shape = USUAL.charAt(i);
            if (shape == 'd' ? !isDigit(text.charAt(i)) : text.charAt(i) != shape) {
                return false;
            }
        }
        return end == SECONDS_END || isFraction(text, end);
    }

    private static boolean isFraction(String text, int end) {
        int first = SECONDS_END + 1;
        if (text.charAt(SECONDS_END) != '.' || first == end || end - first > MOST_DIGITS_OF_NANOS) {
            return false;
        }
        for (int i = first; i < end; i++) {
            if (!isDigit(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static Instant usual(String text) {
        return LocalDateTime.of(
                        number(text, 0, 4),
                        number(text, 5, 7),
                        number(text, 8, 10),
                        number(text, 11, 13),
                        number(text, 14, 16),
                        number(text, 17, 19),
                        nanos(text))
                .toInstant(ZoneOffset.UTC);
    }

    private static int nanos(String text) {
        int first = SECONDS_END + 1;
        int end = text.length() - 1;
        if (end < first) {
            return 0;
        }
        int nanos = number(text, first, end);
        for (int digits = end - first; digits < MOST_DIGITS_OF_NANOS; digits++) {
            nanos *= 10;
        }
        return nanos;
    }

    private static int number(String text, int from, int to) {
        return Integer.parseInt(text, from, to, 10);
    }

    private static boolean isDigit(char character) {
        return character >= '0' && character <= '9';
    }
}
