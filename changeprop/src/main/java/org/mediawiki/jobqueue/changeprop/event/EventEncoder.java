package org.mediawiki.jobqueue.changeprop.event;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Supplier;
import org.mediawiki.jobqueue.changeprop.topic.Topics;
import org.mediawiki.jobqueue.runner.Failure;

/**
 * Writes retry events, which the legacy service understands as well, and error events (SPEC section 3).
 *
 * <p>The job event inside a retry event is spliced in as the bytes that it came in, so that whoever runs the retry can
 * send exactly them; see {@link EventDecoder#retry}.
 */
public final class EventEncoder {

    private static final JsonFactory JSON = new JsonFactory();
    /** Marks the retry event of a job that waited and did not fail; a field of ours, which others pass over. */
    static final String WAITED = "waited";

    /** Which retry is asked for, from 1; a field of ours as well. */
    static final String NTH_RETRY = "nth_retry";

    private static final byte[] ORIGINAL_EVENT = ",\"original_event\":".getBytes(StandardCharsets.US_ASCII);

    private final Topics topics;
    private final InstantSource clock;
    private final Supplier<String> ids;

    /** {@code ids} gives {@code meta.id}; {@code clock} gives {@code meta.dt}. */
    public EventEncoder(Topics topics, InstantSource clock, Supplier<String> ids) {
        this.topics = topics;
        this.clock = clock;
        this.ids = ids;
    }

    /**
     * What a retry event says beside the job.
     *
     * @param stream {@code meta.stream}: the retry topic's name without the datacenter
     * @param rule the rule that retries, part of {@code emitter_id}
     * @param triggeredBy the chain that led to the attempt before, or to the job
     * @param retriesLeft how many attempts are left, the next one included
     */
    public record Return(String stream, String rule, String triggeredBy, int retriesLeft) {}

    /** The retry event of a job whose attempt failed; {@code nth} is which retry it asks for, from 1. */
    public Buffer retry(JobEvent job, Buffer jobBytes, Return details, int nth, Failure why) {
        return around(jobBytes, object(json -> {
            writeReturn(json, job, details);
            json.writeNumberField(NTH_RETRY, nth);
            json.writeNumberField("error_status", why.status());
            json.writeStringField("reason", why.message());
        }));
    }

    /** The retry event of a job that has had no attempt yet, because it has to wait. */
    public Buffer waiting(JobEvent job, Buffer jobBytes, Return details, String reason) {
        return around(jobBytes, object(json -> {
            writeReturn(json, job, details);
            json.writeBooleanField(WAITED, true);
            json.writeStringField("reason", reason);
        }));
    }

    private void writeReturn(JsonGenerator json, JobEvent job, Return details) throws IOException {
        json.writeStringField("$schema", "/change-prop/retry/1.0.0");
        json.writeObjectFieldStart("meta");
        json.writeStringField("stream", details.stream());
        writeMeta(json, job);
        json.writeEndObject();
        json.writeStringField("triggered_by", details.triggeredBy());
        json.writeStringField("emitter_id", topics.emitterId(details.rule()));
        json.writeNumberField("retries_left", details.retriesLeft());
    }

    private static Buffer around(Buffer jobBytes, Buffer envelope) {
        return Buffer.buffer(envelope.length() + ORIGINAL_EVENT.length + jobBytes.length() + 1)
                .appendBuffer(envelope, 0, envelope.length() - 1)
                .appendBytes(ORIGINAL_EVENT)
                .appendBuffer(jobBytes)
                .appendByte((byte) '}');
    }

    /** The error event of a job that is given up. */
    public Buffer dead(JobEvent job, Buffer jobBytes, String rule, Failure why) {
        return object(json -> {
            json.writeStringField("$schema", "/error/0.0.3");
            json.writeObjectFieldStart("meta");
            json.writeStringField("stream", topics.errorStream());
            writeMeta(json, job);
            json.writeEndObject();
            writeError(json, rule, jobBytes, why);
        });
    }

    /** The error event of a record that is no event. */
    public Buffer invalid(Buffer record, String rule, Failure why) {
        return object(json -> {
            json.writeStringField("$schema", "/error/0.0.3");
            json.writeObjectFieldStart("meta");
            json.writeStringField("stream", topics.errorStream());
            json.writeStringField("uri", "https://mediawiki.org/wiki/ChangePropagation/error");
            json.writeStringField("domain", "unknown");
            json.writeStringField("dt", clock.instant().toString());
            json.writeStringField("id", ids.get());
            json.writeEndObject();
            writeError(json, rule, record, why);
        });
    }

    private void writeMeta(JsonGenerator json, JobEvent job) throws IOException {
        json.writeStringField("uri", job.uri());
        if (!job.domain().isEmpty()) {
            json.writeStringField("domain", job.domain());
        }
        json.writeStringField("dt", clock.instant().toString());
        json.writeStringField("id", ids.get());
        json.writeStringField("request_id", job.requestId());
    }

    private void writeError(JsonGenerator json, String rule, Buffer raw, Failure why) throws IOException {
        json.writeStringField("emitter_id", topics.emitterId(rule));
        json.writeStringField("raw_event", raw.toString());
        json.writeStringField("message", why.message());
        json.writeObjectFieldStart("details");
        json.writeNumberField("status", why.status());
        json.writeObjectFieldStart("headers");
        for (Map.Entry<String, String> header : why.headers().entrySet()) {
            json.writeStringField(header.getKey(), header.getValue());
        }
        json.writeEndObject();
        json.writeStringField("body", why.body());
        json.writeEndObject();
    }

    private static Buffer object(Body body) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(1024);
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            body.write(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("memory cannot be written to", e);
        }
        return Buffer.buffer(out.toByteArray());
    }

    private interface Body {
        void write(JsonGenerator json) throws IOException;
    }
}
