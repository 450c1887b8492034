package org.mediawiki.jobqueue.changeprop.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mediawiki.jobqueue.changeprop.event.Events.bytes;
import static org.mediawiki.jobqueue.changeprop.event.Events.reason;
import static org.mediawiki.jobqueue.changeprop.event.Events.valid;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mediawiki.jobqueue.changeprop.event.EventEncoder.Return;
import org.mediawiki.jobqueue.changeprop.topic.Topics;
import org.mediawiki.jobqueue.runner.Failure;

/** Retry and error events on the wire (SPEC section 3). */
class EventEncoderTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:01:00Z");
    private static final Failure WHY =
            new Failure(Failure.Cause.STATUS, 503, "HTTP 503: away", Map.of("server", "envoy"), "away");
    private static final Return REQUEST =
            new Return("cpjobqueue.retry.mediawiki.job.x", "low_traffic_jobs", "req:r,s:u", 2);

    private static final Topics TOPICS = new Topics("eqiad", "cpjobqueue");

    private final EventDecoder decoder = new EventDecoder();
    private final EventEncoder encoder = new EventEncoder(TOPICS, InstantSource.fixed(NOW), () -> "new-id");

    @Test
    void aRetryEventSaysAllThatTheLegacyServiceReads() throws IOException {
        String event = """
                {"$schema":"/mediawiki/job/1.0.0","meta":{"dt":"2026-01-01T00:00:00Z","stream":"mediawiki.job.x",
                "uri":"https://u","domain":"d","request_id":"r","id":"old"},"database":"enwiki","type":"x"}""";
        JobEvent job = valid(decoder.job(bytes(event)));

        JsonNode retry = json(encoder.retry(job, Buffer.buffer(event), REQUEST, 1, WHY));

        assertThat(retry).isEqualTo(new ObjectMapper().readTree("""
                {"$schema":"/change-prop/retry/1.0.0",
                 "meta":{"stream":"cpjobqueue.retry.mediawiki.job.x","uri":"https://u","domain":"d",
                         "dt":"2026-01-01T00:01:00Z","id":"new-id","request_id":"r"},
                 "triggered_by":"req:r,s:u","emitter_id":"cpjobqueue#low_traffic_jobs","retries_left":2,
                 "nth_retry":1,"error_status":503,"reason":"HTTP 503: away","original_event":%s}""".formatted(event)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                Events.JOB,
                "{\"$schema\":\"s\",\"meta\":{\"dt\":\"2026-01-01T00:00:00Z\",\"stream\":\"mediawiki.job.x\"},\"database\":\"enwiki\",\"type\":\"x\"}"
            })
    void whatWeWriteIsWhatReadersOfTheSchemaCountOn(String event) throws IOException {
        JobEvent job = valid(decoder.job(bytes(event)));
        EventEncoder withIds = new EventEncoder(TOPICS, InstantSource.fixed(NOW), () -> new UUID(1, 2).toString());

        assertThat(violations(withIds.retry(job, Buffer.buffer(event), REQUEST, 1, WHY)))
                .isEmpty();
        assertThat(violations(withIds.waiting(job, Buffer.buffer(event), REQUEST, "delay")))
                .isEmpty();
    }

    @Test
    void aJobThatWaitedComesBackByteForByteAndHasNotFailed() {
        JobEvent job = valid(decoder.job(bytes(Events.JOB)));
        Buffer event = encoder.waiting(job, Buffer.buffer(Events.JOB), REQUEST, "delay");

        RetryEvent back = valid(decoder.retry(event.getBytes()));

        assertThat(back.waited()).isTrue();
        assertThat(back.jobBytes().toString()).isEqualTo(Events.JOB);
        assertThat(back.bytes()).isEqualTo(event);
        assertThat(valid(decoder.retry(encoder.retry(job, Buffer.buffer(Events.JOB), REQUEST, 1, WHY)
                                .getBytes()))
                        .waited())
                .isFalse();
    }

    @ParameterizedTest
    @MethodSource("org.mediawiki.jobqueue.changeprop.event.Events#real")
    void theJobInsideARetryComesBackByteForByte(String event) {
        assertThatItComesBack(event);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{ \"type\" : \"x\" ,\n\t\"database\":\"enwiki\",\r\n\"meta\":{\"stream\":\"mediawiki.job.x\",  \"dt\":\"2026-01-01T00:00:00Z\"},\"$schema\":\"s\" }",
                "{\"$schema\":\"s\",\"meta\":{\"dt\":\"2026-01-01T00:00:00Z\",\"stream\":\"mediawiki.job.x\"},\"database\":\"enwiki\",\"type\":\"x\",\"type\":\"y\",\"page_title\":\"\\u00e9\u00e9\\/\\ud83d\\ude00\ud83d\ude00\u2028\"}",
                "{\"$schema\":\"s\",\"meta\":{\"dt\":\"2026-01-01T00:00:00Z\",\"stream\":\"mediawiki.job.x\"},\"database\":\"enwiki\",\"type\":\"x\",\"n\":1.0e+05,\"original_event\":{\"type\":\"z\"},\"retries_left\":9}",
            })
    void whateverItsSpacesEscapesAndKeysTheJobComesBackByteForByte(String event) {
        assertThatItComesBack(event);
    }

    @Test
    void aRetryOfARetryStillHoldsTheSameBytes() {
        String event = Events.JOB;
        JobEvent job = valid(decoder.job(bytes(event)));
        RetryEvent first = valid(decoder.retry(
                encoder.retry(job, Buffer.buffer(event), REQUEST, 1, WHY).getBytes()));
        Return again = new Return(REQUEST.stream(), "x", TriggeredBy.retry(first), 1);

        RetryEvent second = valid(decoder.retry(
                encoder.retry(first.job(), first.jobBytes(), again, 2, WHY).getBytes()));

        assertThat(second.jobBytes().toString()).isEqualTo(event);
        assertThat(second.retriesLeft()).isEqualTo(1);
        assertThat(second.nthRetry()).hasValue(2);
        assertThat(second.triggeredBy()).isEqualTo("req:r,s:u,cpjobqueue.retry.mediawiki.job.x:");
        assertThat(second.emitterId()).isEqualTo("cpjobqueue#x");
        assertThat(second.sentAt()).contains(NOW);
    }

    /** The legacy service puts the original event where its serializer likes, and adds fields of its own. */
    @Test
    void readsTheLegacyServicesRetryEvents() {
        String legacy = """
                {"original_event":%s,"triggered_by":"req:r,mediawiki.job.x:https://u","retries_left":1,
                 "emitter_id":"cpjobqueue#x","$schema":"/change-prop/retry/1.0.0","error_status":500,"reason":null,
                 "meta":{"uri":"https://u","domain":"d","stream":"cpjobqueue.retry.mediawiki.job.x","dt":"2026-01-01T00:00:30.000Z"}}""".formatted(Events.JOB);

        RetryEvent retry = valid(decoder.retry(bytes(legacy)));

        assertThat(retry.jobBytes().toString()).isEqualTo(Events.JOB);
        assertThat(retry.retriesLeft()).isEqualTo(1);
        assertThat(TriggeredBy.retry(retry))
                .isEqualTo("req:r,mediawiki.job.x:https://u,cpjobqueue.retry.mediawiki.job.x:https://u");
        assertThat(retry.sentAt()).contains(Instant.parse("2026-01-01T00:00:30Z"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"original_event\":JOB}",
                "{\"retries_left\":1}",
                "{\"retries_left\":1,\"original_event\":\"JOB\"}",
                "{\"retries_left\":1,\"original_event\":null}",
                "{\"retries_left\":1,\"original_event\":{}}",
                "{\"retries_left\":\"1\",\"original_event\":JOB}",
                "{\"retries_left\":1.5,\"original_event\":JOB}",
                "{\"retries_left\":99999999999999999999,\"original_event\":JOB}",
                "{\"retries_left\":1,\"original_event\":JOB,\"original_event\":[]}",
                "{\"retries_left\":1,\"original_event\":JOB",
            })
    void aRetryEventThatIsNotCompleteIsInvalid(String event) {
        assertThat(reason(decoder.retry(bytes(event.replace("JOB", Events.JOB)))))
                .isNotBlank();
    }

    @Test
    void anErrorEventSaysWhatFailedAndHow() throws IOException {
        JobEvent job = valid(decoder.job(bytes(Events.JOB)));

        JsonNode error = json(encoder.dead(job, Buffer.buffer(Events.JOB), "x", WHY));

        assertThat(error.path("$schema").asText()).isEqualTo("/error/0.0.3");
        assertThat(error.at("/meta/stream").asText()).isEqualTo("cpjobqueue.error");
        assertThat(error.at("/meta/dt").asText()).isEqualTo(NOW.toString());
        assertThat(error.path("emitter_id").asText()).isEqualTo("cpjobqueue#x");
        assertThat(error.path("raw_event").asText()).isEqualTo(Events.JOB);
        assertThat(error.path("message").asText()).isEqualTo("HTTP 503: away");
        assertThat(error.at("/details/status").asInt()).isEqualTo(503);
        assertThat(error.at("/details/headers/server").asText()).isEqualTo("envoy");
        assertThat(error.at("/details/body").asText()).isEqualTo("away");
    }

    @Test
    void theErrorEventOfARecordThatIsNoEventHoldsItsText() throws IOException {
        Buffer raw = Buffer.buffer(new byte[] {'n', 'o', (byte) 0xFF, 0});
        JsonNode error = json(encoder.invalid(raw, "x", WHY));
        assertThat(error.path("raw_event").asText()).isEqualTo("no\ufffd\u0000");
        assertThat(error.at("/meta/id").asText()).isEqualTo("new-id");
    }

    /** An escape of half a character must not stop an event on its way out. */
    @Test
    void halvesOfCharactersAreWrittenAsTheyAre() throws IOException {
        String event = Events.JOB.replace("\"meta\":{", "\"meta\":{\"uri\":\"u\\ud83d\",\"domain\":\"\\ude00d\",");
        JobEvent job = valid(decoder.job(bytes(event)));
        Failure cut = new Failure(Failure.Cause.STATUS, 500, "cut \ud83d", Map.of("x", "\ud83d"), "body \ude00");

        JsonNode error = json(encoder.dead(job, Buffer.buffer(event), "x", cut));
        Return request = new Return("s", "x", TriggeredBy.first(job), 2);
        RetryEvent retry = valid(decoder.retry(
                encoder.retry(job, Buffer.buffer(event), request, 1, cut).getBytes()));

        assertThat(error.path("message").asText()).isEqualTo("cut \ud83d");
        assertThat(error.at("/meta/uri").asText()).isEqualTo("u\ud83d");
        assertThat(error.at("/details/body").asText()).isEqualTo("body \ude00");
        assertThat(retry.jobBytes().toString()).isEqualTo(event);
    }

    private void assertThatItComesBack(String event) {
        JobEvent job = valid(decoder.job(bytes(event)));
        RetryEvent retry = valid(decoder.retry(
                encoder.retry(job, Buffer.buffer(event), REQUEST, 1, WHY).getBytes()));
        assertThat(retry.jobBytes().toString()).isEqualTo(event);
        assertThat(retry.job()).isEqualTo(job);
        assertThat(retry.retriesLeft()).isEqualTo(2);
    }

    private static Set<ValidationMessage> violations(Buffer event) throws IOException {
        try (InputStream schema = EventEncoderTest.class.getResourceAsStream("retry-event.schema.json")) {
            return JsonSchemaFactory.getInstance(VersionFlag.V7)
                    .getSchema(schema)
                    .validate(json(event));
        }
    }

    private static JsonNode json(Buffer event) throws IOException {
        return new ObjectMapper().readTree(event.getBytes());
    }
}
