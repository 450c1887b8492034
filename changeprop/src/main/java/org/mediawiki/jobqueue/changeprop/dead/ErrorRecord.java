package org.mediawiki.jobqueue.changeprop.dead;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.mediawiki.jobqueue.changeprop.event.Decoded;
import org.mediawiki.jobqueue.changeprop.event.EventDecoder;
import org.mediawiki.jobqueue.changeprop.event.JobEvent;

/**
 * A record of the error topic, ours or the legacy service's, read whole. Nothing in it makes reading throw: what cannot
 * be read is a dead job of no type.
 *
 * @param job what a list shows of it
 * @param event the job inside; empty where there is none
 * @param raw the very bytes that died
 * @param emitter {@code emitter_id}: {@code <service>#<rule>}
 * @param headers of the last answer
 * @param body of the last answer, its first 4 KiB
 */
public record ErrorRecord(
        DeadJob job, Optional<JobEvent> event, Buffer raw, String emitter, Map<String, String> headers, String body) {

    /** The header of an error record that holds the raw bytes where they are no UTF-8 text. */
    private static final String RAW_EVENT_HEADER = "raw_event";

    /** What Kafka lets through is read. */
    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .build())
            .build();

    /**
     * What a list shows of a record. Of one above {@code mostBytes} the job inside is not read, which would take several
     * times its size of memory: then the type is the rule, and nothing tells the wiki and the id.
     */
    static DeadJob listed(ConsumerRecord<byte[], byte[]> record, int mostBytes) {
        if (record.serializedValueSize() <= mostBytes) {
            return of(record).job();
        }
        Fields fields = new Fields(false);
        String unreadable = fields.read(record.value());
        return new DeadJob(
                new DeadJobId(record.partition(), record.offset()),
                Instant.ofEpochMilli(record.timestamp()),
                fields.emitter.substring(fields.emitter.indexOf('#') + 1),
                "",
                "",
                fields.requestId,
                "",
                fields.status,
                unreadable.isEmpty() ? fields.message : unreadable,
                record.serializedValueSize());
    }

    static ErrorRecord of(ConsumerRecord<byte[], byte[]> record) {
        Fields fields = new Fields(true);
        String unreadable = record.value() == null ? "the record is empty" : fields.read(record.value());
        Header header = record.headers().lastHeader(RAW_EVENT_HEADER);
        byte[] raw = header == null ? fields.rawEvent.getBytes(StandardCharsets.UTF_8) : header.value();
        Decoded<JobEvent> decoded = new EventDecoder().job(raw);
        Optional<JobEvent> event = decoded.match(Optional::of, reason -> Optional.empty());
        DeadJob job = new DeadJob(
                new DeadJobId(record.partition(), record.offset()),
                Instant.ofEpochMilli(record.timestamp()),
                event.map(JobEvent::type).orElse(""),
                event.map(JobEvent::wiki).orElse(""),
                event.map(JobEvent::id).orElse(""),
                event.map(JobEvent::requestId).orElse(""),
                event.map(JobEvent::stream).orElse(""),
                fields.status,
                unreadable.isEmpty() ? fields.message : unreadable,
                Math.max(0, record.serializedValueSize()));
        return new ErrorRecord(job, event, Buffer.buffer(raw), fields.emitter, fields.headers, fields.body);
    }

    /** The fields of {@code /error/0.0.3} that matter. */
    private static final class Fields {

        private final boolean whole;
        private String emitter = "";
        private String requestId = "";
        private String rawEvent = "";
        private String message = "";
        private int status;
        private final Map<String, String> headers = new LinkedHashMap<>();
        private String body = "";

        /** {@code whole}: whether the job inside is wanted, too. */
        Fields(boolean whole) {
            this.whole = whole;
        }

        /** Why it could not be read; empty where it could. */
        String read(byte[] value) {
            try (JsonParser parser = JSON.createParser(value)) {
                if (parser.nextToken() != JsonToken.START_OBJECT) {
                    return "the error record is not a JSON object";
                }
                object(parser, this::field);
                return "";
            } catch (IOException e) {
                return "the error record is not JSON";
            }
        }

        private void field(String name, JsonParser parser) throws IOException {
            switch (name) {
                case "emitter_id" -> emitter = text(parser);
                case "raw_event" -> rawEvent = whole ? text(parser) : "";
                case "meta" -> inside(parser, this::meta);
                case "message" -> message = text(parser);
                case "details" -> inside(parser, this::detail);
                default -> {}
            }
        }

        private void meta(String name, JsonParser parser) throws IOException {
            if (name.equals("request_id")) {
                requestId = text(parser);
            }
        }

        private void detail(String name, JsonParser parser) throws IOException {
            switch (name) {
                case "status" -> status = parser.getValueAsInt(0);
                case "body" -> body = text(parser);
                case "headers" -> inside(parser, (header, value) -> headers.put(header, text(value)));
                default -> {}
            }
        }

        private interface Field {
            void read(String name, JsonParser parser) throws IOException;
        }

        private static void inside(JsonParser parser, Field each) throws IOException {
            if (parser.currentToken() == JsonToken.START_OBJECT) {
                object(parser, each);
            }
        }

        private static void object(JsonParser parser, Field each) throws IOException {
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                each.read(name, parser);
                if (parser.currentToken().isStructStart()) {
                    parser.skipChildren();
                }
            }
        }

        private static String text(JsonParser parser) throws IOException {
            return parser.currentToken() == JsonToken.VALUE_STRING ? parser.getText() : "";
        }
    }
}
