package org.mediawiki.jobqueue.runner.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mediawiki.jobqueue.runner.Answer;

class AnswerSummaryTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"message\":\"a\\nb\",\"httpCode\":500}               | HTTP 500: a b",
                "{\"status\":false,\"error\":\"e\",\"message\":\"m\"}   | HTTP 500: m",
                "{\"message\":\"\",\"error\":\"e\"}                     | HTTP 500: e",
                "{\"message\":{\"message\":\"x\"},\"errorKey\":\"k\"}   | HTTP 500: k",
                "{\"errorKey\":\"rest-x\",\"messageTranslations\":{}}   | HTTP 500: rest-x",
                "{\"message\":\"whole\",\"trace\":[{\"cut               | HTTP 500: whole",
                "{\"other\":1}                                          | HTTP 500: {\"other\":1}",
                "<html><head><title>t</title></head><h1>Bad</h1> gateway| HTTP 500: Bad gateway",
                "upstream connect error                                 | HTTP 500: upstream connect error",
                "``                                                     | HTTP 500",
                "{                                                      | HTTP 500: {",
            })
    void saysInOneLineWhatTheAnswerSays(String body, String summary) {
        assertThat(AnswerSummary.of(new Answer(500, Map.of(), body))).isEqualTo(summary);
    }

    @Test
    void staysShortHoweverLongTheBody() {
        String summary = AnswerSummary.of(new Answer(500, Map.of(), "<".repeat(100_000) + "head".repeat(100_000)));
        assertThat(summary).hasSizeLessThan(OneLine.MAX_CHARS + 20);
    }

    @Test
    void readsJsonThatIsNestedTooDeepForATree() {
        String deep = "{\"message\":\"m\",\"x\":" + "[".repeat(5_000) + "]".repeat(5_000) + "}";
        assertThat(AnswerSummary.of(new Answer(500, Map.of(), deep))).isEqualTo("HTTP 500: m");
    }
}
