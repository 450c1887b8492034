package org.mediawiki.jobqueue.changeprop.config.load;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigValue;

/** Properties that Kafka does not know, values that it would refuse, and properties that the service owns. */
final class KafkaCheck implements Check {

    private static final JsonPointer KAFKA = JsonPointer.compile("/kafka");

    @Override
    public void check(Document document, Consumer<Problem> problems) {
        checkSection(document, "client", AdminClientConfig.configDef(), commonNames(), problems);
        checkSection(document, "consumer", ConsumerConfig.configDef(), ConsumerConfig.configNames(), problems);
        checkSection(document, "producer", ProducerConfig.configDef(), ProducerConfig.configNames(), problems);
    }

    /** What every client understands: consumers, producers and admin clients. */
    private static Set<String> commonNames() {
        Set<String> names = new HashSet<>(AdminClientConfig.configNames());
        names.retainAll(ConsumerConfig.configNames());
        names.retainAll(ProducerConfig.configNames());
        return names;
    }

    private static void checkSection(
            Document document, String section, ConfigDef definition, Set<String> known, Consumer<Problem> problems) {
        Map<String, String> valid = new HashMap<>();
        JsonPointer at = KAFKA.appendProperty(section);
        for (Map.Entry<String, JsonNode> property : document.root().at(at).properties()) {
            String name = property.getKey();
            JsonPointer here = at.appendProperty(name);
            if (KafkaNames.OWNED.containsKey(name)) {
                problems.accept(document.problem(here, "is set by the service", KafkaNames.OWNED.get(name)));
            } else if (known.contains(name)) {
                valid.put(name, property.getValue().asText());
            } else {
                problems.accept(document.problem(
                        here, "no such Kafka property for " + audience(section), hint(section, name, known)));
            }
        }
        checkValues(document, at, definition.validate(valid), problems);
    }

    /** Kafka complains of every required property too; those that the file does not have are not the file's fault. */
    private static void checkValues(
            Document document, JsonPointer at, Iterable<ConfigValue> values, Consumer<Problem> problems) {
        for (ConfigValue value : values) {
            JsonPointer here = at.appendProperty(value.name());
            if (!value.errorMessages().isEmpty() && !document.root().at(here).isMissingNode()) {
                problems.accept(document.problem(
                        here, "Kafka refuses this value", value.errorMessages().get(0)));
            }
        }
    }

    private static String audience(String section) {
        return section.equals("client") ? "every client" : "a " + section;
    }

    private static String hint(String section, String name, Set<String> known) {
        if (KafkaNames.OF_LIBRDKAFKA.containsKey(name)) {
            return "a name of librdkafka; here it is " + KafkaNames.OF_LIBRDKAFKA.get(name);
        }
        for (Map.Entry<String, Set<String>> other : Map.of(
                        "consumer", ConsumerConfig.configNames(), "producer", ProducerConfig.configNames())
                .entrySet()) {
            if (!section.equals(other.getKey()) && other.getValue().contains(name)) {
                return "it belongs under kafka." + other.getKey();
            }
        }
        return Spelling.nearest(name, known)
                .map(near -> "did you mean `" + near + "`?")
                .orElse("Kafka's documentation lists them under \"Configuration\"");
    }
}
