package org.mediawiki.jobqueue.changeprop.schedule;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;
import org.mediawiki.jobqueue.changeprop.publish.Outbox.OutboundEvent;

/**
 * The records of the scheduled topic: the event is the value, and when and where to are headers, as text, so that people
 * can read them. A command has no value; its headers are what to do and with which.
 */
final class ScheduledRecord {

    static final String DUE = ScheduledEvent.DUE_HEADER;
    static final String TOPIC = "topic";
    static final String PARTITION = "partition";
    static final String REASON = "reason";
    static final String COMMAND = "command";
    static final String ID = "id";

    private static final Pattern TOPIC_NAME = Pattern.compile("[a-zA-Z0-9._-]{1,249}");

    private ScheduledRecord() {}

    static OutboundEvent of(ScheduledEvent event, String scheduledTopic) {
        return new OutboundEvent(
                scheduledTopic,
                partitionFor(event.value()),
                event.value(),
                Map.of(
                        DUE, text(event.due().toString()),
                        TOPIC, text(event.topic()),
                        PARTITION, text(Integer.toString(event.partition())),
                        REASON, text(event.reason().name())));
    }

    static OutboundEvent of(Instruction.Command command, String scheduledTopic) {
        return new OutboundEvent(
                scheduledTopic,
                command.id().partition(),
                Buffer.buffer(),
                Map.of(
                        COMMAND, text(command.kind().name()),
                        ID, text(command.id().text())));
    }

    static Instruction read(byte @Nullable [] value, Headers headers) {
        try {
            return header(headers, COMMAND).isPresent() ? command(headers) : event(value, headers);
        } catch (IllegalArgumentException | DateTimeException | ArithmeticException e) {
            return new Instruction.Unreadable(String.valueOf(e.getMessage()));
        }
    }

    private static Instruction command(Headers headers) {
        String id = required(headers, ID);
        return new Instruction.Command(
                Instruction.Command.Kind.valueOf(required(headers, COMMAND)),
                WaitingId.parse(id).orElseThrow(() -> new IllegalArgumentException("no id of ours: " + id)));
    }

    private static Instruction event(byte @Nullable [] value, Headers headers) {
        if (value == null) {
            return new Instruction.Unreadable("it has no value");
        }
        Instant due = Instant.parse(required(headers, DUE));
        // The store counts in milliseconds: beyond that range there is nothing to wait for.
        var unused = due.toEpochMilli();
        String topic = required(headers, TOPIC);
        if (!TOPIC_NAME.matcher(topic).matches()) {
            return new Instruction.Unreadable("its topic cannot be one");
        }
        return new Instruction.Wait(new ScheduledEvent(
                due,
                topic,
                Integer.parseInt(required(headers, PARTITION)),
                Reason.valueOf(required(headers, REASON)),
                Buffer.buffer(value)));
    }

    private static int partitionFor(Buffer value) {
        CRC32C hash = new CRC32C();
        hash.update(value.getBytes());
        return (int) (hash.getValue() & Integer.MAX_VALUE);
    }

    private static String required(Headers headers, String name) {
        return header(headers, name)
                .orElseThrow(() -> new IllegalArgumentException("the header " + name + " is missing"));
    }

    private static Optional<String> header(Headers headers, String name) {
        return Optional.ofNullable(headers.lastHeader(name))
                .map(Header::value)
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8));
    }

    private static Buffer text(String text) {
        return Buffer.buffer(text);
    }
}
