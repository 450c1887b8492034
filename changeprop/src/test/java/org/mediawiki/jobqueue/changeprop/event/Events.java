package org.mediawiki.jobqueue.changeprop.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/** Events to read, and what came of reading them. */
final class Events {

    /** The shortest complete job event. */
    static final String JOB = """
            {"$schema":"/mediawiki/job/1.0.0","meta":{"dt":"2026-01-01T00:00:00Z","stream":"mediawiki.job.x"},\
            "database":"enwiki","type":"x"}""";

    private Events() {}

    /** One event of every job type, as MediaWiki sent it. */
    static List<String> real() {
        try (InputStream in = Events.class.getResourceAsStream("jobs.ndjson")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static <T> T valid(Decoded<T> decoded) {
        return decoded.match(event -> event, reason -> {
            throw new AssertionError("invalid: " + reason);
        });
    }

    /** The reason why it is invalid: one line for people. */
    static String reason(Decoded<?> decoded) {
        String reason = decoded.match(
                event -> {
                    throw new AssertionError("valid: " + event);
                },
                why -> why);
        assertThat(reason).isNotBlank();
        return reason;
    }
}
