package org.mediawiki.jobqueue.runner.verdict;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.regex.Pattern;
import org.mediawiki.jobqueue.runner.Answer;

/**
 * Reads {@code retry-after} (RFC 9110, section 10.2.3): a number of seconds, or a date. What is neither counts as
 * absent, so that a runner's typing error cannot stop a job type.
 */
final class RetryAfter {

    /** A hold that is over at once would be asked for again at once. */
    static final Duration SHORTEST = Duration.ofSeconds(1);

    /** No answer may stop a job type for longer (SPEC section 5). */
    static final Duration LONGEST = Duration.ofHours(1);

    private static final Pattern SECONDS = Pattern.compile("[+-]?[0-9]{1,18}");
    private static final Pattern MORE_SECONDS_THAN_COUNT = Pattern.compile("\\+?[0-9]{19,}");

    private final InstantSource clock;

    RetryAfter(InstantSource clock) {
        this.clock = clock;
    }

    /** Returns how long to wait, from 1 s to 1 h, or empty where the answer does not say. */
    Optional<Duration> in(Answer answer) {
        return Optional.ofNullable(answer.headers().get("retry-after"))
                .map(String::strip)
                .flatMap(this::parse)
                .map(RetryAfter::bounded);
    }

    private Optional<Duration> parse(String value) {
        if (SECONDS.matcher(value).matches()) {
            return Optional.of(Duration.ofSeconds(Long.parseLong(value)));
        } else if (MORE_SECONDS_THAN_COUNT.matcher(value).matches()) {
            return Optional.of(LONGEST);
        } else {
            return untilDate(value);
        }
    }

    private Optional<Duration> untilDate(String value) {
        try {
            Instant date = DateTimeFormatter.RFC_1123_DATE_TIME.parse(value, Instant::from);
            return Optional.of(Duration.between(clock.instant(), date));
        } catch (DateTimeException nonsense) {
            return Optional.empty();
        }
    }

    private static Duration bounded(Duration wait) {
        if (wait.compareTo(SHORTEST) < 0) {
            return SHORTEST;
        }
        return wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
    }
}
