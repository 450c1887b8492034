package org.mediawiki.jobqueue.changeprop.dead;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mediawiki.jobqueue.changeprop.event.JobEvent;

final class ErrorRecordTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LARGE_BYTES = 8 * 1024 * 1024;

    @Test
    void aListShowsTheJobInside() throws JsonProcessingException {
        DeadJob job = ErrorRecord.listed(record(error(job("short"))));

        assertThat(job.type()).isEqualTo("refreshLinks");
        assertThat(job.wiki()).isEqualTo("enwiki");
        assertThat(job.jobId()).isEqualTo("id");
        assertThat(job.requestId()).isEqualTo("request");
        assertThat(job.stream()).isEqualTo("mediawiki.job.refreshLinks");
        assertThat(job.status()).isEqualTo(400);
        assertThat(job.message()).isEqualTo("Bad Request");
    }

    @Test
    void aLargeJobIsListedAlikeAndNothingOfItIsCopied() throws JsonProcessingException {
        ConsumerRecord<byte[], byte[]> record = record(error(job("x\u00e9\n".repeat(LARGE_BYTES / 4))));
        ErrorRecord.listed(record);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();

        DeadJob job = ErrorRecord.listed(record);

        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(256 * 1024);
        assertThat(job.bytes()).isGreaterThan(LARGE_BYTES);
        assertThat(job.wiki()).isEqualTo("enwiki");
        assertThat(job.jobId()).isEqualTo("id");
    }

    @Test
    void theJobInsideComesOutAsTheVeryBytesThatDied() throws JsonProcessingException {
        String job = job("\u00e9 \uD83D\uDE00 \\ \" \n");

        ErrorRecord record = ErrorRecord.of(record(error(job)));

        assertThat(record.raw().toString()).isEqualTo(job);
        assertThat(record.event().map(JobEvent::wiki)).contains("enwiki");
        assertThat(record.body()).isEqualTo("why");
        assertThat(record.headers()).containsEntry("server", "runner");
    }

    @Test
    void bytesThatAreNoTextAreInAHeader() throws JsonProcessingException {
        ConsumerRecord<byte[], byte[]> record = record(error("?"));
        byte[] raw = {(byte) 0xC3, '(', 'x'};
        record.headers().add("raw_event", raw);

        assertThat(ErrorRecord.of(record).raw().getBytes()).isEqualTo(raw);
    }

    /** Whatever stands there, reading goes on behind it. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "no JSON",
                "{\"raw_event\": 7}",
                "{\"raw_event\": \"no JSON\"}",
                "{\"raw_event\": \"{\\\"type\\\":",
                "{\"raw_event\": \"\\",
            })
    void whatCannotBeReadIsADeadJobOfNoType(String value) {
        ConsumerRecord<byte[], byte[]> record = record(value.getBytes(StandardCharsets.UTF_8));

        assertThat(ErrorRecord.listed(record).isJob()).isFalse();
        assertThat(ErrorRecord.of(record).event()).isEmpty();
    }

    @Test
    void aTombstoneIsADeadJobOfNoType() {
        assertThat(ErrorRecord.of(record(null)).job().isJob()).isFalse();
    }

    private static String job(String text) {
        ObjectNode job = JSON.createObjectNode();
        job.put("$schema", "/mediawiki/job/1.0.0");
        job.putObject("meta")
                .put("dt", "2026-11-25T12:00:00Z")
                .put("stream", "mediawiki.job.refreshLinks")
                .put("id", "id")
                .put("request_id", "request");
        job.putObject("params").put("text", text);
        return job.put("database", "enwiki").put("type", "refreshLinks").toString();
    }

    private static byte[] error(String rawEvent) throws JsonProcessingException {
        ObjectNode error = JSON.createObjectNode();
        error.put("emitter_id", "cpjobqueue#refreshLinks")
                .put("raw_event", rawEvent)
                .put("message", "Bad Request");
        error.putObject("details")
                .put("status", 400)
                .put("body", "why")
                .putObject("headers")
                .put("server", "runner");
        return JSON.writeValueAsBytes(error);
    }

    private static ConsumerRecord<byte[], byte[]> record(byte @Nullable [] value) {
        return new ConsumerRecord<>(
                "error",
                0,
                7,
                0,
                TimestampType.CREATE_TIME,
                0,
                value == null ? -1 : value.length,
                null,
                value,
                new RecordHeaders(),
                Optional.empty());
    }
}
