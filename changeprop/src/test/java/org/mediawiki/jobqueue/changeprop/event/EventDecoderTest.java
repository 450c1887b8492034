package org.mediawiki.jobqueue.changeprop.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mediawiki.jobqueue.changeprop.event.Events.bytes;
import static org.mediawiki.jobqueue.changeprop.event.Events.reason;
import static org.mediawiki.jobqueue.changeprop.event.Events.valid;

import java.io.ByteArrayInputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mediawiki.jobqueue.runner.EventJson;

/** SPEC section 10, row by row. */
class EventDecoderTest {

    private final EventDecoder decoder = new EventDecoder();

    @ParameterizedTest
    @MethodSource("org.mediawiki.jobqueue.changeprop.event.Events#real")
    void readsWhatMediaWikiSends(String event) {
        JobEvent job = valid(decoder.job(bytes(event)));
        assertThat(event).contains("\"type\":\"" + job.type() + "\"", "\"database\":\"" + job.wiki() + "\"");
        assertThat(job.stream()).isEqualTo("mediawiki.job." + job.type());
        assertThat(List.of(job.id(), job.domain(), job.requestId(), job.uri())).doesNotContain("");
    }

    @Test
    void readsEveryField() {
        JobEvent job = valid(decoder.job(bytes("""
                {"params":{"type":"not this one","meta":{"id":"nor this"}},"sha1":"da39","type":"refreshLinks",
                 "root_event":{"signature":"sig","more":[1],"dt":"2026-01-02T03:04:04Z"},
                 "meta":{"uri":"https://u","request_id":"r","id":"i","dt":"2026-01-02T03:04:05.678Z",
                         "domain":"d","stream":"mediawiki.job.refreshLinks"},
                 "delay_until":"2026-01-02T04:00:00Z","database":"enwiki","$schema":"/mediawiki/job/1.0.0"}""")));

        assertThat(job)
                .isEqualTo(new JobEvent(
                        "i",
                        "mediawiki.job.refreshLinks",
                        "d",
                        "https://u",
                        "r",
                        Instant.parse("2026-01-02T03:04:05.678Z"),
                        "enwiki",
                        "refreshLinks",
                        Optional.of("2026-01-02T04:00:00Z"),
                        Optional.of("da39"),
                        Optional.of(new RootEvent(Instant.parse("2026-01-02T03:04:04Z"), "sig"))));
    }

    @Test
    void needsNothingBeyondTheRequiredFields() {
        JobEvent job = valid(decoder.job(bytes(Events.JOB)));
        assertThat(List.of(job.id(), job.domain(), job.requestId(), job.uri())).containsOnly("");
        assertThat(job.delayUntil()).isEmpty();
        assertThat(job.sha1()).isEmpty();
        assertThat(job.root()).isEmpty();
        assertThat(job.isCanary()).isFalse();
    }

    @Test
    void knowsACanaryByItsDomain() {
        String canary = Events.JOB.replace("\"meta\":{", "\"meta\":{\"domain\":\"canary\",");
        assertThat(valid(decoder.job(bytes(canary))).isCanary()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "$schema,   `\"$schema\":\"/mediawiki/job/1.0.0\",`",
                "meta.dt,   `\"dt\":\"2026-01-01T00:00:00Z\",`",
                "meta.stream, `,\"stream\":\"mediawiki.job.x\"`",
                "database,  `\"database\":\"enwiki\",`",
                "type,      `,\"type\":\"x\"`",
            })
    void saysWhichRequiredFieldIsMissing(String field, String part) {
        assertThat(Events.JOB).contains(part);
        assertThat(reason(decoder.job(bytes(Events.JOB.replace(part, ""))))).contains("field " + field + " ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "null", "true", "{}", "[\"enwiki\"]", "{\"enwiki\":[{}]}"})
    void aRequiredFieldOfAnotherTypeCountsAsMissing(String value) {
        String event = Events.JOB.replace("\"enwiki\"", value);
        assertThat(reason(decoder.job(bytes(event)))).contains("database");
        assertThat(reason(decoder.job(bytes(Events.JOB.replace("{\"dt\"", "{\"x\"")))))
                .contains("meta.dt");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"now\"", "\"\"", "\"2026-13-01T00:00:00Z\"", "\"1767225600\"", "\"2026-01-01\""})
    void aDateThatIsNoneIsInvalid(String date) {
        String event = Events.JOB.replace("\"2026-01-01T00:00:00Z\"", date);
        assertThat(reason(decoder.job(bytes(event)))).contains("meta.dt");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0000-01-01T00:00:00Z", "-999999999-01-01T00:00:00Z", "+999999999-12-31T23:59:59Z"})
    void aDateFarAwayIsADate(String date) {
        String event = Events.JOB.replace("2026-01-01T00:00:00Z", date);
        assertThat(valid(decoder.job(bytes(event))).createdAt())
                .isEqualTo(Timestamps.parse(date).orElseThrow());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "hello",
                "<html>",
                "null",
                "1",
                "\"text\"",
                "true",
                "[]",
                "[{}]",
                "{",
                "{\"a\":",
                "{\"a\":}",
                "{'a':1}",
                "{a:1}",
                "{\"a\":01}",
                "{\"a\":NaN}",
                "{\"a\":1,}",
                "{\"a\":\"\n\"}",
                "\u0000",
                "{\"a\":\"\\x\"}"
            })
    void whatIsNoJsonObjectIsInvalid(String record) {
        assertThat(reason(decoder.job(bytes(record)))).contains("JSON");
    }

    @ParameterizedTest
    @ValueSource(strings = {"}", "{}", ",", " x", "\n{\"a\":1}", "\u0000"})
    void nothingMayFollowTheObject(String rest) {
        assertThat(reason(decoder.job(bytes(Events.JOB + rest)))).isNotBlank();
    }

    @Test
    void whiteSpaceMayFollowTheObject() {
        assertThat(valid(decoder.job(bytes(" \n" + Events.JOB + " \r\n\t"))).type())
                .isEqualTo("x");
    }

    @Test
    void ofRepeatedKeysTheLastCounts() {
        String event = Events.JOB.replace("\"database\":\"enwiki\"", "\"database\":\"dewiki\",\"database\":\"enwiki\"");
        assertThat(valid(decoder.job(bytes(event))).wiki()).isEqualTo("enwiki");
        String metaTwice = Events.JOB.replace("\"database\"", "\"meta\":{},\"database\"");
        assertThat(reason(decoder.job(bytes(metaTwice)))).contains("meta.dt");
    }

    @ParameterizedTest
    @ValueSource(ints = {1_000, 100_000})
    void deepNestingIsRead(int depth) {
        String deep = "[".repeat(depth) + "]".repeat(depth);
        assertThat(valid(decoder.job(bytes(with("\"params\":{\"deep\":" + deep + "}"))))
                        .wiki())
                .isEqualTo("enwiki");
        String objects = "{\"a\":".repeat(depth) + "1" + "}".repeat(depth);
        assertThat(valid(decoder.job(bytes(with("\"root_event\":{\"dt\":" + objects + "}"))))
                        .root())
                .isEmpty();
        assertThat(reason(decoder.job(bytes(with("\"params\":" + "[".repeat(depth))))))
                .contains("JSON");
    }

    /** Every level takes memory while it is read: 4 MiB of them would end each process that reads the record. */
    @ParameterizedTest
    @ValueSource(strings = {"[", "{\"a\":"})
    void nestingWithoutEndIsGivenUpLongBeforeItsEnd(String level) {
        byte[] record = bytes(with("\"params\":" + level.repeat((4 << 20) / level.length())));
        assertThat(reason(decoder.job(record))).contains("nesting depth (" + (EventJson.MOST_LEVELS + 1) + ")");
        assertThat(reason(decoder.job(new ByteArrayInputStream(record)))).contains("nesting depth");

        byte[] retry =
                bytes("{\"retries_left\":1,\"original_event\":" + new String(record, StandardCharsets.UTF_8) + "}");
        assertThat(reason(decoder.retry(retry))).contains("nesting depth");
    }

    @Test
    void aRecordOfNothingButBracketsIsNoEvent() {
        assertThat(reason(decoder.job(bytes("[".repeat(4 << 20))))).contains("not a JSON object");
    }

    @Test
    void anyNumberIsRead() {
        String digits = "9".repeat(100_000);
        for (String number :
                List.of(digits, "-" + digits, "1e" + digits.substring(0, 9), "0." + digits, "-0", "1E+400")) {
            assertThat(valid(decoder.job(bytes(with("\"params\":{\"n\":" + number + "}"))))
                            .wiki())
                    .isEqualTo("enwiki");
            assertThat(valid(decoder.job(bytes(with("\"delay_until\":" + number))))
                            .delayUntil())
                    .contains(number);
        }
    }

    @Test
    void largeEventsAreRead() {
        String text = "x".repeat(4 << 20);
        assertThat(valid(decoder.job(bytes(with("\"" + text + "\":\"" + text + "\""))))
                        .wiki())
                .isEqualTo("enwiki");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u00ff",
                "\u00c3(",
                "\u00e2\u0082",
                "\u00f0\u009f\u0098",
                "\u0080",
                "\u00f8\u0088\u0080\u0080\u0080"
            })
    void invalidUtf8IsInvalid(String bytesAsLatin1) {
        byte[] event = with("\"page_title\":\"" + bytesAsLatin1 + "\"").getBytes(StandardCharsets.ISO_8859_1);
        assertThat(reason(decoder.job(event))).contains("JSON");
    }

    /** JSON travels as UTF-8 (RFC 8259, section 8.1), and what the runner gets is what stands in the record. */
    @ParameterizedTest
    @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32", "UTF-32LE", "UTF-32BE"})
    void otherEncodingsAreInvalid(String charset) {
        byte[] job = Events.JOB.getBytes(Charset.forName(charset));
        assertThat(reason(decoder.job(job))).contains("UTF-8");
        assertThat(reason(decoder.retry(job))).contains("UTF-8");
    }

    /** RFC 8259, section 8.1, allows it. */
    @Test
    void aByteOrderMarkBeforeARecordIsPassedOver() {
        String retry = "\ufeff{\"retries_left\":1,\"original_event\":" + Events.JOB + "}";
        assertThat(valid(decoder.job(bytes("\ufeff" + Events.JOB))).type()).isEqualTo("x");
        assertThat(valid(decoder.retry(bytes(retry))).jobBytes()).hasToString(Events.JOB);
    }

    @Test
    void delaysOfAnyScalarAreKeptAsTheyStandThere() {
        assertThat(delayOf("\"soon\"")).contains("soon");
        assertThat(delayOf("1.50")).contains("1.50");
        assertThat(delayOf("true")).contains("true");
        assertThat(delayOf("[1]")).contains("[");
        assertThat(delayOf("{}")).contains("{");
        assertThat(delayOf("null")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "1",
                "[]",
                "{}",
                "{\"dt\":\"2026-01-01T00:00:00Z\"}",
                "{\"signature\":\"s\"}",
                "{\"dt\":1,\"signature\":2}",
                "{\"dt\":\"never\",\"signature\":\"s\"}"
            })
    void aRootEventThatIsNotCompleteIsNone(String root) {
        assertThat(valid(decoder.job(bytes(with("\"root_event\":" + root)))).root())
                .isEmpty();
    }

    private Optional<String> delayOf(String value) {
        return valid(decoder.job(bytes(with("\"delay_until\":" + value)))).delayUntil();
    }

    private static String with(String field) {
        return Events.JOB.substring(0, Events.JOB.length() - 1) + "," + field + "}";
    }
}
