package org.mediawiki.jobqueue.changeprop.intake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mediawiki.jobqueue.runner.EventJson;

class BatchTest {

    @Test
    void cutsTheElementsOutOfTheBodyAsTheyStandThere() {
        String body = " [ {\"a\":\"ü\"} ,{ \"b\" : [1, {\"c\":2}] }, 17 ,\"x\",null,[],1.5e3] ";

        assertThat(events(body))
                .containsExactly("{\"a\":\"ü\"}", "{ \"b\" : [1, {\"c\":2}] }", "17", "\"x\"", "null", "[]", "1.5e3");
    }

    @Test
    void aSingleObjectIsABatchOfOne() {
        assertThat(events("\n{\"a\":1} \n")).containsExactly("{\"a\":1}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "400 | ''",
                "400 | '   '",
                "400 | []",
                "400 | { }",
                "400 | 7",
                "400 | \"text\"",
                "400 | [{\"a\":1}",
                "400 | [{\"a\":1}]]",
                "400 | [{\"a\":1},]",
                "400 | {\"a\":01}",
                "400 | {\"a\":1}{\"b\":2}",
                "413 | [1,2,3,4]"
            })
    void whatCannotBeToldApartIsRefusedAsAWhole(int status, String body) {
        assertThat(Batch.read(body.getBytes(UTF_8), 3))
                .isInstanceOfSatisfying(
                        Batch.Unusable.class,
                        unusable -> assertThat(unusable.status()).isEqualTo(status));
    }

    @Test
    void bytesThatAreNoUtf8AreNoJson() {
        assertThat(Batch.read("[{\"a\":1}]".getBytes(StandardCharsets.UTF_16LE), 3))
                .isInstanceOf(Batch.Unusable.class);
        assertThat(Batch.read(new byte[] {'[', '"', (byte) 0xC3, '"', ']'}, 3)).isInstanceOf(Batch.Unusable.class);
    }

    @Test
    void depthIsNoObstacle() {
        String deep = "[".repeat(100_000) + "]".repeat(100_000);

        assertThat(events("[{\"a\":" + deep + "}]")).containsExactly("{\"a\":" + deep + "}");
    }

    @Test
    void nestingWithoutEndIsGivenUpLongBeforeItsEnd() {
        assertThat(Batch.read("[".repeat(4 << 20).getBytes(UTF_8), 3))
                .isInstanceOfSatisfying(Batch.Unusable.class, unusable -> {
                    assertThat(unusable.status()).isEqualTo(400);
                    assertThat(unusable.reason()).contains("nesting depth (" + (EventJson.MOST_LEVELS + 1) + ")");
                });
    }

    private static List<String> events(String text) {
        byte[] body = text.getBytes(UTF_8);
        return Batch.read(body, 100)
                .match(
                        events -> events.spans().stream()
                                .map(span -> new String(span.in(body), UTF_8))
                                .toList(),
                        unusable -> {
                            throw new AssertionError(unusable);
                        });
    }
}
