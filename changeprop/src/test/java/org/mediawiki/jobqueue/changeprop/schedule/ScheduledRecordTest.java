package org.mediawiki.jobqueue.changeprop.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mediawiki.jobqueue.changeprop.publish.Outbox.OutboundEvent;
import org.mediawiki.jobqueue.changeprop.topic.Topics;

final class ScheduledRecordTest {

    private static final Topics TOPICS = new Topics("eqiad", "cpjobqueue");
    private static final ScheduledEvent EVENT = new ScheduledEvent(
            Instant.parse("2026-03-01T12:00:00.123Z"),
            "eqiad.cpjobqueue.retry.mediawiki.job.refreshLinks",
            7,
            Reason.HOLD,
            Buffer.buffer("{}"));

    @Test
    void readsWhatItWrote() {
        OutboundEvent outbound = EVENT.outbound(TOPICS);

        assertThat(outbound.topic()).isEqualTo("eqiad.cpjobqueue.scheduled");
        assertThat(read(outbound.headers())).isEqualTo(new Instruction.Wait(EVENT));
    }

    @Test
    void readsACommandThatItWrote() {
        WaitingId id = new WaitingId(5, "refreshLinks", 123_456, 42);
        var command = new Instruction.Command(Instruction.Command.Kind.DROP, id);
        OutboundEvent outbound = ScheduledRecord.of(command, TOPICS.scheduledTopic());

        assertThat(outbound.partition()).isEqualTo(5);
        assertThat(read(outbound.headers())).isEqualTo(command);
    }

    @Test
    void spreadsTheEventsOfOneTypeOverAllPartitions() {
        Map<Integer, Long> spread = IntStream.range(0, 8_000)
                .mapToObj(i -> new ScheduledEvent(
                                EVENT.due(), EVENT.topic(), 0, Reason.DELAY, Buffer.buffer("{\"id\":" + i + "}"))
                        .outbound(TOPICS)
                        .partition())
                .collect(Collectors.groupingBy(partition -> partition % 8, Collectors.counting()));

        assertThat(spread).hasSize(8);
        assertThat(spread.values()).allSatisfy(share -> assertThat(share).isBetween(800L, 1_200L));
    }

    @ParameterizedTest
    @CsvSource({
        "due, yesterday",
        "due, +1000000000-12-31T23:59:59Z",
        "topic, a b",
        "partition, -1",
        "partition, first",
        "reason, BOREDOM",
        "command, EXPLODE",
        "command, RUN",
        "id, ignored",
    })
    void whatIsNotOursIsUnreadableAndNeverAnException(String header, String value) {
        Map<String, Buffer> headers = new HashMap<>(EVENT.outbound(TOPICS).headers());
        headers.put(header, Buffer.buffer(value));

        Instruction read = read(headers);

        if (header.equals("id")) {
            assertThat(read).isEqualTo(new Instruction.Wait(EVENT));
        } else {
            assertThat(read).isInstanceOf(Instruction.Unreadable.class);
        }
    }

    @ParameterizedTest
    @CsvSource({"''", "%%%", "AAAA", "AAAABQ", "_____3JlZnJlc2hMaW5rcwAAAAAAAAHiQAAAAAAAAAAq"})
    void whatNamesNothingIsNoId(String text) {
        assertThat(WaitingId.parse(text)).isEmpty();
    }

    static List<Header> headers(Map<String, String> texts) {
        List<Header> headers = new ArrayList<>();
        texts.forEach((name, text) -> headers.add(new RecordHeader(name, text.getBytes(StandardCharsets.UTF_8))));
        return headers;
    }

    private static Instruction read(Map<String, Buffer> headers) {
        Map<String, String> texts = new HashMap<>();
        headers.forEach((name, value) -> texts.put(name, value.toString()));
        return ScheduledRecord.read(EVENT.value().getBytes(), new RecordHeaders(headers(texts)));
    }
}
