package org.mediawiki.jobqueue.changeprop.dead;

import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.mediawiki.jobqueue.changeprop.event.EventDecoder;
import org.mediawiki.jobqueue.changeprop.event.JobEvent;

/**
 * A record of the error topic, ours or the legacy service's. Nothing in it makes reading throw: what cannot be read is a
 * dead job of no type.
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

    private static final byte[] EMPTY = {};

    /** What a list shows of a record; copies nothing of the job inside, however large that is. */
    static DeadJob listed(ConsumerRecord<byte[], byte[]> record) {
        ErrorFields fields = fields(record, false);
        return job(record, fields, event(record, fields));
    }

    /** All of it; takes a few times the memory of the record. */
    static ErrorRecord of(ConsumerRecord<byte[], byte[]> record) {
        return read(record, true);
    }

    /** As {@link #of}, without the bytes that died and without the last answer; takes next to nothing. */
    static ErrorRecord withoutBytes(ConsumerRecord<byte[], byte[]> record) {
        return read(record, false);
    }

    private static ErrorRecord read(ConsumerRecord<byte[], byte[]> record, boolean whole) {
        ErrorFields fields = fields(record, whole);
        Optional<JobEvent> event = event(record, fields);
        return new ErrorRecord(
                job(record, fields, event),
                event,
                whole ? raw(record, fields) : Buffer.buffer(),
                fields.emitter(),
                fields.headers(),
                fields.body());
    }

    private static ErrorFields fields(ConsumerRecord<byte[], byte[]> record, boolean whole) {
        return ErrorFields.read(record.value() == null ? EMPTY : record.value(), whole);
    }

    private static DeadJob job(ConsumerRecord<byte[], byte[]> record, ErrorFields fields, Optional<JobEvent> event) {
        return new DeadJob(
                new DeadJobId(record.partition(), record.offset()),
                Instant.ofEpochMilli(record.timestamp()),
                event.map(JobEvent::type).orElse(""),
                event.map(JobEvent::wiki).orElse(""),
                event.map(JobEvent::id).orElse(""),
                event.map(JobEvent::requestId).orElse(""),
                event.map(JobEvent::stream).orElse(""),
                fields.status(),
                fields.message(),
                Math.max(0, record.serializedValueSize()));
    }

    private static Optional<JobEvent> event(ConsumerRecord<byte[], byte[]> record, ErrorFields fields) {
        return new EventDecoder().job(stream(record, fields)).match(Optional::of, reason -> Optional.empty());
    }

    private static InputStream stream(ConsumerRecord<byte[], byte[]> record, ErrorFields fields) {
        Header header = record.headers().lastHeader(RAW_EVENT_HEADER);
        return header == null || header.value() == null ? fields.rawEvent() : new ByteArrayInputStream(header.value());
    }

    private static Buffer raw(ConsumerRecord<byte[], byte[]> record, ErrorFields fields) {
        try (InputStream raw = stream(record, fields)) {
            return Buffer.buffer(raw.readAllBytes());
        } catch (IOException notEvenAnEscapedText) {
            return Buffer.buffer();
        }
    }
}
