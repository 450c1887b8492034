package org.mediawiki.jobqueue.changeprop.config.load;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.function.Consumer;

/** What a command says in the place of the file, before the file is checked. */
@FunctionalInterface
interface Preset {

    /** As many jobs at once as a small machine's PHP can spare beside its visitors. */
    IntNode SPARED = IntNode.valueOf(4);

    /** The file says everything. */
    Preset NONE = (document, problems) -> {};

    /** Writes into {@code document} what it leaves out, and tells what it must not say. */
    void apply(Document document, Consumer<Problem> problems);

    /**
     * For {@code jobqueue standalone}: a Kafka of its own at {@code brokerAddress}, the intake on, and sizes for a machine
     * that also runs the wiki. The file may say otherwise, but neither where Kafka is, nor that nothing is taken in.
     */
    static Preset standalone(String brokerAddress) {
        return (document, problems) -> {
            ObjectNode root = document.root();
            requireIntake(document, problems);
            JsonPointer brokers = JsonPointer.compile("/kafka/bootstrap_servers");
            if (!root.at(brokers).isMissingNode()) {
                problems.accept(document.problem(
                        brokers, "must be left out", "standalone has its own Kafka; for another one there is `run`"));
                return;
            }
            ObjectNode kafka = in(root, "kafka");
            kafka.putArray("bootstrap_servers").add(brokerAddress);
            // It starts beside the clients, which look for it meanwhile.
            putIfAbsent(in(kafka, "client"), "reconnect.backoff.max.ms", IntNode.valueOf(200));
            // The first job of a type waits until its topic is noticed.
            putIfAbsent(in(kafka, "consumer"), "metadata.max.age.ms", IntNode.valueOf(1_000));
            putIfAbsent(in(kafka, "own_topics"), "partitions", IntNode.valueOf(1));
            putIfAbsent(in(kafka, "own_topics"), "replication_factor", IntNode.valueOf(1));
            putIfAbsent(in(root, "intake"), "enabled", BooleanNode.TRUE);
            putIfAbsent(in(root, "scheduler"), "memory", TextNode.valueOf("16MiB"));
            String folder = root.at("/standalone/folder").asText("/var/lib/jobqueue");
            putIfAbsent(in(root, "scheduler"), "folder", TextNode.valueOf(folder + "/scheduler"));
            // One process for ever: after a kill it is known again at once, whatever the machine is called by then.
            putIfAbsent(root, "instance", TextNode.valueOf("standalone"));
            for (JsonNode target : root.path("targets")) {
                if (target instanceof ObjectNode settings) {
                    putIfAbsent(settings, "protocol", TextNode.valueOf("rest"));
                }
            }
            limitJobs(in(root, "lanes"));
        };
    }

    /** Nobody else knows where its Kafka is. */
    private static void requireIntake(Document document, Consumer<Problem> problems) {
        JsonPointer intake = JsonPointer.compile("/intake/enabled");
        if (document.root().at(intake).equals(BooleanNode.FALSE)) {
            problems.accept(document.problem(
                    intake,
                    "must be true, or be left out",
                    "standalone gets its jobs from nowhere else; without an intake there is `run`"));
        }
    }

    /** Writes each limit that the file leaves out: of the pool of everything else, and of every named type. */
    private static void limitJobs(ObjectNode lanes) {
        Completion.placePool(lanes);
        for (JsonNode lane : lanes) {
            limitJob(lane.path("low_traffic"));
            lane.path("jobs").forEach(Preset::limitJob);
        }
    }

    private static void limitJob(JsonNode settings) {
        if (settings instanceof ObjectNode map) {
            putIfAbsent(map, "concurrency", SPARED);
        }
    }

    /** The map under a key, made where it is absent; what stands there in its place is told of by the checks. */
    private static ObjectNode in(ObjectNode parent, String key) {
        JsonNode child = parent.get(key);
        if (child instanceof ObjectNode map) {
            return map;
        }
        return child == null ? parent.putObject(key) : parent.objectNode();
    }

    private static void putIfAbsent(ObjectNode map, String key, JsonNode value) {
        if (!map.has(key)) {
            map.set(key, value);
        }
    }
}
