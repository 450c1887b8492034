package org.mediawiki.jobqueue.changeprop.schedule;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.mediawiki.jobqueue.changeprop.publish.Outbox.OutboundEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where a task's events leave it: to their topics, or to the error topic. Owned by the task's thread. */
final class Outlet {

    private static final Logger LOG = LoggerFactory.getLogger(Outlet.class);

    private final ProcessorContext<Void, Release> context;
    private final SchedulerParts parts;

    Outlet(ProcessorContext<Void, Release> context, SchedulerParts parts) {
        this.context = context;
        this.parts = parts;
    }

    /** What became of an event. */
    enum Departure {
        /** It is on its way, or its error event is. */
        LEFT,
        /** It must stay: no topic takes it, not even the error topic. */
        STUCK
    }

    /**
     * Asks for the topic that the event would go to.
     *
     * @return why there is none to be had for now
     */
    Optional<KafkaException> unavailable(StoredEvent event) {
        return unavailable(takes(event) ? event.topic() : parts.topics().errorTopic());
    }

    /** Only after {@link #unavailable} had nothing to tell. */
    Departure release(StoreKey key, StoredEvent event) {
        if (!takes(event)) {
            String why = event.topic() + " does not take " + event.payload().length() + " bytes";
            return refuse(key, event, why);
        }
        forward(Release.of(event), Release.headers(key, event.reason()));
        Duration lateness = Duration.ofMillis(context.currentSystemTimeMs() - key.dueMillis());
        parts.listener().released(key.type(), event.reason(), lateness);
        return Departure.LEFT;
    }

    /**
     * Hands on a record that is none of ours.
     *
     * @throws KafkaException where the error topic is not to be had: the record is read again
     */
    void unreadable(Buffer value, String why) {
        LOG.error("A record of {} cannot be read: {}", parts.topics().scheduledTopic(), why);
        parts.listener().unreadable();
        unavailable(parts.topics().errorTopic()).ifPresent(failure -> {
            throw failure;
        });
        OutboundEvent error = parts.errors().of(value, why);
        if (parts.sizes().takes(error.topic(), error.value().length())) {
            forward(Release.of(error), Map.of());
        } else {
            LOG.error("It is too large for {}, {} bytes, and is left behind", error.topic(), value.length());
        }
    }

    private Departure refuse(StoreKey key, StoredEvent event, String why) {
        OutboundEvent error = parts.errors().of(event.payload(), why);
        if (!parts.sizes().takes(error.topic(), error.value().length())) {
            LOG.error("{}, nor does {}: it stays where it is", why, error.topic());
            return Departure.STUCK;
        }
        LOG.error("{}: it goes to {}", why, error.topic());
        forward(Release.of(error), Map.of());
        parts.listener().refused(key.type(), event.reason());
        return Departure.LEFT;
    }

    private boolean takes(StoredEvent event) {
        return parts.sizes().takes(event.topic(), event.payload().length());
    }

    private Optional<KafkaException> unavailable(String topic) {
        try {
            parts.destinations().ensure(topic);
            return Optional.empty();
        } catch (KafkaException e) {
            return Optional.of(e);
        }
    }

    private void forward(Release release, Map<String, String> texts) {
        Headers headers = new RecordHeaders();
        texts.forEach((name, text) -> headers.add(name, text.getBytes(StandardCharsets.UTF_8)));
        context.forward(new Record<>(null, release, context.currentSystemTimeMs(), headers));
    }
}
