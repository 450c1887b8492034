package org.mediawiki.jobqueue.loadtest.generate;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;

/**
 * Makes job events, with the fields in the order that MediaWiki writes them. Each has a {@code meta.id} of its own; the
 * same seed and clock give the same events. The signature has the right form and was made with no key.
 *
 * <p>Not safe for use by several threads.
 */
public final class JobEvents {

    private static final HexFormat HEX = HexFormat.of();

    /** What one title takes, with its quotes and comma. */
    private static final int PAGE_BYTES = 48;

    private final JsonFactory json = new JsonFactory();
    private final Random random;
    private final Clock clock;

    /**
     * @param seed of ids and contents
     * @param clock gives {@code meta.dt}, in whole seconds
     */
    public JobEvents(long seed, Clock clock) {
        this.random = new Random(seed);
        this.clock = clock;
    }

    /** So many events of the same shape. */
    public List<JobEvent> next(int count, JobShape shape) {
        return IntStream.range(0, count).mapToObj(i -> next(shape)).toList();
    }

    /** One event. */
    public JobEvent next(JobShape shape) {
        String id = uuid();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512 + shape.paramsBytes());
        try (JsonGenerator event = json.createGenerator(bytes)) {
            event.writeStartObject();
            event.writeStringField("$schema", "/mediawiki/job/1.0.0");
            String requestId = hex(12);
            writeMeta(event, shape, id, requestId);
            writeJob(event, shape);
            writeParams(event, shape.paramsBytes(), requestId);
            event.writeStringField("mediawiki_signature", hex(20));
            event.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return new JobEvent(id, shape.type(), Buffer.buffer(bytes.toByteArray()));
    }

    private void writeMeta(JsonGenerator event, JobShape shape, String id, String requestId) throws IOException {
        event.writeObjectFieldStart("meta");
        event.writeStringField("uri", "https://" + shape.wiki().domain() + "/wiki/Special:Badtitle");
        event.writeStringField("request_id", requestId);
        event.writeStringField("id", id);
        event.writeStringField("dt", text(clock.instant()));
        event.writeStringField("domain", shape.wiki().domain());
        event.writeStringField("stream", "mediawiki.job." + shape.type());
        event.writeEndObject();
    }

    private static void writeJob(JsonGenerator event, JobShape shape) throws IOException {
        event.writeStringField("database", shape.wiki().database());
        event.writeStringField("type", shape.type());
        Optional<String> sha1 = shape.sameness().sha1();
        if (sha1.isPresent()) {
            event.writeStringField("sha1", sha1.get());
        }
        Optional<JobShape.RootEvent> root = shape.sameness().root();
        if (root.isPresent()) {
            event.writeObjectFieldStart("root_event");
            event.writeStringField("signature", root.get().signature());
            event.writeStringField("dt", text(root.get().at()));
            event.writeEndObject();
        }
        if (shape.delayUntil().isPresent()) {
            event.writeStringField("delay_until", text(shape.delayUntil().get()));
        }
    }

    private void writeParams(JsonGenerator event, int about, String requestId) throws IOException {
        event.writeObjectFieldStart("params");
        event.writeArrayFieldStart("pages");
        for (int bytes = 60; bytes < about; bytes += PAGE_BYTES) {
            event.writeString("Page_" + hex(20));
        }
        event.writeEndArray();
        event.writeStringField("requestId", requestId);
        event.writeEndObject();
    }

    private static String text(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private String uuid() {
        long version4 = (random.nextLong() & ~0xF000L) | 0x4000L;
        long variant2 = (random.nextLong() >>> 2) | Long.MIN_VALUE;
        return new UUID(version4, variant2).toString();
    }

    private String hex(int bytes) {
        byte[] drawn = new byte[bytes];
        random.nextBytes(drawn);
        return HEX.formatHex(drawn);
    }
}
