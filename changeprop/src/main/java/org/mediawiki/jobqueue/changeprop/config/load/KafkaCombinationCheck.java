package org.mediawiki.jobqueue.changeprop.config.load;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.mediawiki.jobqueue.changeprop.config.KafkaDefaults;

/**
 * Kafka properties that are good each by itself, and that a client refuses together when it is made: with each other, or
 * with what holds where the file says nothing.
 */
final class KafkaCombinationCheck implements Check {

    private static final JsonPointer KAFKA = JsonPointer.compile("/kafka");
    private static final String DELIVERY = "delivery.timeout.ms";
    private static final String REQUEST = "request.timeout.ms";
    private static final String LINGER = "linger.ms";
    private static final String SESSION = "session.timeout.ms";
    private static final String HEARTBEAT = "heartbeat.interval.ms";
    private static final String IN_FLIGHT = "max.in.flight.requests.per.connection";

    /** More, and brokers cannot keep the order of what an idempotent producer sends. */
    private static final int MOST_IN_FLIGHT = 5;

    @Override
    public void check(Document document, Consumer<Problem> problems) {
        Section producer = new Section(document, "producer");
        Section consumer = new Section(document, "consumer");
        checkDelivery(producer, problems);
        checkHeartbeat(consumer, problems);
        if (producer.value(IN_FLIGHT, 1) > MOST_IN_FLIGHT) {
            producer.problem(
                    List.of(IN_FLIGHT),
                    "must be at most " + MOST_IN_FLIGHT,
                    "with more the order of what is sent again is lost, and an idempotent producer keeps it",
                    problems);
        }
    }

    private static void checkDelivery(Section producer, Consumer<Problem> problems) {
        long linger = producer.value(LINGER, KafkaDefaults.LINGER_MS);
        long request = producer.value(REQUEST, KafkaDefaults.REQUEST_TIMEOUT_MS);
        long delivery = producer.value(DELIVERY, KafkaDefaults.DELIVERY_TIMEOUT_MS);
        String hint = "linger.ms is %d and request.timeout.ms %d".formatted(linger, request);
        if (linger + request > delivery) {
            producer.problem(
                    List.of(DELIVERY, REQUEST, LINGER),
                    "delivery.timeout.ms must not be less than linger.ms and request.timeout.ms together",
                    hint + ", delivery.timeout.ms " + delivery,
                    problems);
        }
        if (linger + request > KafkaDefaults.SCHEDULER_DELIVERY_TIMEOUT_MS) {
            producer.problem(
                    List.of(REQUEST, LINGER),
                    "linger.ms and request.timeout.ms must not be more than %d together"
                            .formatted(KafkaDefaults.SCHEDULER_DELIVERY_TIMEOUT_MS),
                    hint + "; the scheduler gives up by then",
                    problems);
        }
    }

    private static void checkHeartbeat(Section consumer, Consumer<Problem> problems) {
        long heartbeat = consumer.value(HEARTBEAT, KafkaDefaults.HEARTBEAT_INTERVAL_MS);
        long session = consumer.value(SESSION, KafkaDefaults.SESSION_TIMEOUT_MS);
        if (heartbeat >= session) {
            consumer.problem(
                    List.of(HEARTBEAT, SESSION),
                    "heartbeat.interval.ms must be less than session.timeout.ms",
                    "they are %d and %d".formatted(heartbeat, session),
                    problems);
        }
    }

    /** The properties of one kind of client: its own, and behind them those of every client. */
    private record Section(Document document, String name) {

        long value(String property, long otherwise) {
            return number(path(name, property))
                    .orElseGet(() -> number(path("client", property)).orElse(otherwise));
        }

        /** At the first of those properties that the file has. */
        void problem(List<String> properties, String rule, String hint, Consumer<Problem> problems) {
            properties.stream()
                    .flatMap(property -> where(property).stream())
                    .findFirst()
                    .ifPresent(at -> problems.accept(document.problem(at, rule, hint)));
        }

        private Optional<JsonPointer> where(String property) {
            return List.of(path(name, property), path("client", property)).stream()
                    .filter(at -> !document.root().at(at).isMissingNode())
                    .findFirst();
        }

        /** What is no number is another check's finding. */
        private OptionalLong number(JsonPointer at) {
            JsonNode value = document.root().at(at);
            try {
                return value.isMissingNode()
                        ? OptionalLong.empty()
                        : OptionalLong.of(Long.parseLong(value.asText().trim()));
            } catch (NumberFormatException e) {
                return OptionalLong.empty();
            }
        }

        private static JsonPointer path(String section, String property) {
            return KAFKA.appendProperty(section).appendProperty(property);
        }
    }
}
