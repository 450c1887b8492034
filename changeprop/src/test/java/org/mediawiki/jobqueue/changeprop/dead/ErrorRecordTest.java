package org.mediawiki.jobqueue.changeprop.dead;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

final class ErrorRecordTest {

    private static final byte[] VALUE = """
            {"meta": {"request_id": "request", "stream": "cpjobqueue.error"}, "emitter_id": "cpjobqueue#refreshLinks",
             "raw_event": "{\\"$schema\\":\\"/mediawiki/job/1.0.0\\",\\"meta\\":{\\"dt\\":\\"2026-11-25T12:00:00Z\\",\
            \\"stream\\":\\"mediawiki.job.refreshLinks\\",\\"id\\":\\"id\\",\\"request_id\\":\\"request\\"},\
            \\"database\\":\\"enwiki\\",\\"type\\":\\"refreshLinks\\"}",
             "message": "Bad Request", "details": {"status": 400}}
            """.getBytes(StandardCharsets.UTF_8);

    @Test
    void aListShowsTheJobInside() {
        DeadJob job = ErrorRecord.listed(record(), VALUE.length);

        assertThat(job.type()).isEqualTo("refreshLinks");
        assertThat(job.wiki()).isEqualTo("enwiki");
        assertThat(job.status()).isEqualTo(400);
    }

    @Test
    void ofALargeRecordAListShowsWhatSurroundsTheJob() {
        DeadJob job = ErrorRecord.listed(record(), VALUE.length - 1);

        assertThat(job.type()).isEqualTo("refreshLinks");
        assertThat(job.requestId()).isEqualTo("request");
        assertThat(job.status()).isEqualTo(400);
        assertThat(job.message()).isEqualTo("Bad Request");
        assertThat(job.wiki()).isEmpty();
    }

    private static ConsumerRecord<byte[], byte[]> record() {
        return new ConsumerRecord<>(
                "error",
                0,
                7,
                0,
                TimestampType.CREATE_TIME,
                0,
                VALUE.length,
                null,
                VALUE,
                new RecordHeaders(),
                Optional.empty());
    }
}
