package org.mediawiki.jobqueue.changeprop.dead;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class UnescapedTextTest {

    private static final List<ObjectMapper> WRITERS = List.of(
            new ObjectMapper(),
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build());

    @Test
    void readsWhatJacksonWrites() throws IOException {
        Random random = new Random(8);
        for (int i = 0; i < 2_000; i++) {
            String text = text(random);
            for (ObjectMapper writer : WRITERS) {
                byte[] json = writer.writeValueAsBytes(text);

                assertThat(read(json)).as("text %d: %s", i, text).isEqualTo(text);
            }
        }
    }

    @Test
    void readsEveryEscapeSequence() throws IOException {
        assertThat(read("\"\\b\\f\\n\\r\\t\\\"\\\\\\/\\u00e9\\uD83D\\uDE00\" and more"))
                .isEqualTo("\b\f\n\r\t\"\\/\u00e9\uD83D\uDE00");
    }

    @Test
    void halfAPairIsAQuestionMark() throws IOException {
        assertThat(read("\"\\uD83D\\u0041\\uD83Dx\\uDE00\\uD83D\"")).isEqualTo("?A?x??");
    }

    @Test
    void whatIsCutOffEndsThere() throws IOException {
        assertThat(read("\"a job without an e")).isEqualTo("a job without an e");
        assertThat(read("\"")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"\\x\"", "\"\\u12\"", "\"\\u12", "\"\\uwxyz\"", "\"\\"})
    void whatIsNoEscapeSequenceIsRefused(String json) {
        assertThatThrownBy(() -> read(json)).isInstanceOf(IOException.class);
    }

    private static String read(String json) throws IOException {
        return read(json.getBytes(StandardCharsets.UTF_8));
    }

    private static String read(byte[] json) throws IOException {
        try (UnescapedText text = new UnescapedText(json, 0)) {
            return new String(text.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Of all planes, with many of the characters that must be escaped. */
    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        int length = random.nextInt(40);
        while (text.length() < length) {
            int bits = 1 + random.nextInt(20);
            int character = random.nextInt(1 << bits);
            if (character < Character.MIN_SURROGATE || character > Character.MAX_SURROGATE) {
                text.appendCodePoint(character);
            }
        }
        return text.toString();
    }
}
