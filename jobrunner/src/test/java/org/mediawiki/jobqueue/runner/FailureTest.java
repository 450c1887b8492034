package org.mediawiki.jobqueue.runner;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mediawiki.jobqueue.runner.Failure.Cause;

class FailureTest {

    /** Characters of one to four bytes: a cut falls between two of them, and as late as it can. */
    @ParameterizedTest
    @ValueSource(strings = {"x", "\u00e9", "\u20ac", "\ud83d\ude00"})
    void keepsFourKibibytesOfABodyAndNoHalfOfACharacter(String character) {
        int size = utf8(character);
        String most = "x".repeat(4096 % size) + character.repeat(4096 / size);

        assertThat(kept(most)).isEqualTo(most);
        assertThat(kept(most + "x")).isEqualTo(most);
        assertThat(kept("x" + most + "x")).isEqualTo("x" + most.substring(0, most.length() - character.length()));
        assertThat(kept(character.repeat(100_000)))
                .satisfies(body -> assertThat(utf8(body)).isBetween(4096 - size + 1, 4096));
    }

    private static String kept(String body) {
        return new Failure(Cause.STATUS, 500, "HTTP 500", Map.of(), body).body();
    }

    private static int utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
