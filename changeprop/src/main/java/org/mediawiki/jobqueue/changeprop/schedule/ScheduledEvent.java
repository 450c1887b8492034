package org.mediawiki.jobqueue.changeprop.schedule;

import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import org.mediawiki.jobqueue.changeprop.publish.Outbox.OutboundEvent;
import org.mediawiki.jobqueue.changeprop.topic.Topics;

public record ScheduledEvent(Instant due, String topic, int partition, Reason reason, Buffer value) {
    public enum Reason {
        DELAY,
        RETRY,
        HOLD,
        OVERFLOW;

        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public OutboundEvent outbound(Topics topics) {
        return new OutboundEvent(
                topics.scheduledTopic(),
                partition,
                value,
                Map.of(
                        "due",
                        Buffer.buffer(due.toString()),
                        "topic",
                        Buffer.buffer(topic),
                        "partition",
                        Buffer.buffer("" + partition)));
    }

    public static ScheduledEvent of(OutboundEvent e) {
        return new ScheduledEvent(
                Instant.parse(
                        java.util.Objects.requireNonNull(e.headers().get("due")).toString()),
                java.util.Objects.requireNonNull(e.headers().get("topic")).toString(),
                Integer.parseInt(java.util.Objects.requireNonNull(e.headers().get("partition"))
                        .toString()),
                Reason.DELAY,
                e.value());
    }
}
