package org.mediawiki.jobqueue.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FilledMetaTest {

    private static final String SIGNED = """
            {"$schema":"/mediawiki/job/1.0.0","meta":{ "stream":"mediawiki.job.x", "uri":"ü" },"params":{"meta":{}}}""";

    @Test
    void marksWhatItFillsIn() {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("dt", "2026-11-25T10:00:00Z");
        fields.put("id", "1");

        assertThat(FilledMeta.insertion(fields))
                .isEqualTo("\"filled_in\":[\"dt\",\"id\"],\"dt\":\"2026-11-25T10:00:00Z\",\"id\":\"1\",");
    }

    @ParameterizedTest
    @ValueSource(strings = {"dt", "dt id", "id request_id dt"})
    void takesOutExactlyWhatWasFilledIn(String names) {
        Map<String, String> fields = new LinkedHashMap<>();
        for (String name : names.split(" ", -1)) {
            fields.put(name, "value of " + name);
        }
        String filled = SIGNED.replace("\"meta\":{ ", "\"meta\":{" + FilledMeta.insertion(fields) + " ");

        assertThat(FilledMeta.without(Buffer.buffer(filled))).hasToString(SIGNED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                SIGNED,
                "",
                "[]",
                "{",
                "{\"meta\":{}}",
                "{\"meta\":[]}",
                "{\"meta\":{\"filled_in\":[\"dt\"]}}",
                "{\"meta\":{\"filled_in\":[\"dt\"],\"dt\":1}}",
                "{\"meta\":{\"filled_in\":7,\"dt\":1,\"id\":2}}",
                "{\"params\":{\"meta\":{\"filled_in\":[\"dt\"],\"dt\":1,\"id\":2}}}"
            })
    void leavesEverythingElseAsItIs(String event) {
        Buffer bytes = Buffer.buffer(event);

        assertThat(FilledMeta.without(bytes)).isEqualTo(bytes);
    }

    @Test
    void neverThrowsWhateverStandsThere() {
        String filled = SIGNED.replace("\"meta\":{", "\"meta\":{" + FilledMeta.insertion(Map.of("dt", "x")));
        Random random = new Random(5);
        for (int round = 0; round < 5_000; round++) {
            byte[] bytes = Buffer.buffer(filled).getBytes();
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            int length = random.nextInt(bytes.length + 1);

            assertThat(FilledMeta.without(Buffer.buffer(bytes).getBuffer(0, length))
                            .length())
                    .isLessThanOrEqualTo(length);
        }
    }
}
