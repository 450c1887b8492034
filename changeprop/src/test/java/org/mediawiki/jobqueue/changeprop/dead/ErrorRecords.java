package org.mediawiki.jobqueue.changeprop.dead;

import io.vertx.core.json.JsonObject;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/** Records of an error topic. */
final class ErrorRecords {

    private ErrorRecords() {}

    /** A dead {@code refreshLinks} of some more than {@code bytes}, in partition 0. */
    static ConsumerRecord<byte[], byte[]> of(String topic, long offset, int bytes) {
        JsonObject job = new JsonObject()
                .put("$schema", "/mediawiki/job/1.0.0")
                .put(
                        "meta",
                        new JsonObject()
                                .put("dt", "2026-11-25T12:00:00Z")
                                .put("stream", "mediawiki.job.refreshLinks")
                                .put("id", "id" + offset))
                .put("params", new JsonObject().put("text", "x".repeat(bytes)))
                .put("database", "enwiki")
                .put("type", "refreshLinks");
        byte[] value = new JsonObject()
                .put("raw_event", job.encode())
                .put("message", "Payload Too Large")
                .put("details", new JsonObject().put("status", 413))
                .toBuffer()
                .getBytes();
        return new ConsumerRecord<>(
                topic,
                0,
                offset,
                0,
                TimestampType.CREATE_TIME,
                0,
                value.length,
                null,
                value,
                new RecordHeaders(),
                Optional.empty());
    }
}
