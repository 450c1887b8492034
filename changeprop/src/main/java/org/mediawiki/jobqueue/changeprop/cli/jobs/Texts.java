package org.mediawiki.jobqueue.changeprop.cli.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.mediawiki.jobqueue.changeprop.config.Durations;

/** Values of the API as cells of tables, in plain ASCII. */
final class Texts {

    /** As {@code TextTable} has it. */
    static final String NOTHING = "-";

    private static final int MOST_CHARS = 80;

    private Texts() {}

    static String text(JsonNode value) {
        String text = value.isNull() || value.isMissingNode() ? "" : value.asText();
        String plain = text.replaceAll("[^ -~]", "?");
        return plain.isEmpty()
                ? NOTHING
                : plain.length() > MOST_CHARS ? plain.substring(0, MOST_CHARS - 3) + "..." : plain;
    }

    /** Lines for a terminal, which would obey the control characters of a job or of an answer. */
    static String lines(String text) {
        return text.replaceAll("[\\x00-\\x1F\\x7F-\\x9F&&[^\\n\\t]]", "?");
    }

    /** A count; nothing where it is 0. */
    static String count(JsonNode value) {
        return value.asLong() == 0 ? NOTHING : Long.toString(value.asLong());
    }

    /** To the second. */
    static String time(JsonNode value) {
        return value.isTextual()
                ? Instant.parse(value.asText()).truncatedTo(ChronoUnit.SECONDS).toString()
                : NOTHING;
    }

    static String seconds(double seconds) {
        return seconds <= 0 || Double.isNaN(seconds)
                ? NOTHING
                : seconds < 1
                        ? Math.round(seconds * 1000) + "ms"
                        : Durations.format(Duration.ofSeconds(Math.round(seconds)));
    }
}
