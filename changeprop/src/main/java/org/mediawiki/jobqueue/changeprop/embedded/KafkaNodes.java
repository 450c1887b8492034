package org.mediawiki.jobqueue.changeprop.embedded;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/**
 * The same cluster as an {@link EmbeddedKafka}, as files for processes of their own ({@code kafka.Kafka FILE}): what is to be killed
 * must not share a process with whoever kills it. Immutable.
 */
public final class KafkaNodes {

    private final NodeSettings settings;
    private final Map<String, Path> files;

    private KafkaNodes(NodeSettings settings, Map<String, Path> files) {
        this.settings = settings;
        this.files = files;
    }

    /**
     * Formats what is not formatted yet in the folder of {@code options}, and writes a file for each node into it.
     *
     * @throws IOException if the folder cannot be written
     */
    public static KafkaNodes write(EmbeddedKafkaOptions options) throws IOException {
        NodeSettings settings = NodeSettings.of(options);
        ClusterFolder folder = ClusterFolder.open(options.folder(), options.brokers());
        Map<String, Path> files = new TreeMap<>();
        if (settings.hasOwnController()) {
            Path formatted = folder.formatted(NodeSettings.CONTROLLER_ID);
            files.put("controller", write(formatted, settings.controller(formatted)));
        }
        for (int id : settings.brokerIds()) {
            Path formatted = folder.formatted(id);
            files.put(brokerName(id), write(formatted, settings.broker(id, formatted)));
        }
        return new KafkaNodes(settings, files);
    }

    /** What a broker is called among the {@link #files}, by its id from 1. */
    public static String brokerName(int id) {
        return "broker-" + id;
    }

    /** The file of each node, by its name: {@code controller}, where there are several brokers, and {@code broker-1} and so on. */
    public Map<String, Path> files() {
        return Map.copyOf(files);
    }

    /** Where clients connect: {@code host:port} of every broker, running or not, separated by commas. */
    public String bootstrapServers() {
        return settings.bootstrapServers();
    }

    private static Path write(Path node, Properties properties) throws IOException {
        Path file = node.resolveSibling(node.getFileName() + ".properties");
        try (OutputStream out = Files.newOutputStream(file)) {
            properties.store(out, null);
        }
        return file;
    }
}
