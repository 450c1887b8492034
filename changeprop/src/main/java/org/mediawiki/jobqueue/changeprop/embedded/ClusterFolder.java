package org.mediawiki.jobqueue.changeprop.embedded;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.Reader;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/**
 * The folder of an embedded cluster: its id, and one formatted folder for each node.
 *
 * <p>Formatting may be cut short at any moment. The id is decided and on disk before the first node is formatted, and
 * {@code meta.properties} is what the formatter writes last, so opening the folder again completes whatever is missing:
 *
 * <pre>
 *   nothing ──▶ cluster.properties ──▶ node folder, no meta.properties ──▶ formatted
 *                                      (formatted anew: it never ran)
 * </pre>
 *
 * <p>The folder says by what it was made. What an earlier version made is taken up as it is, Kafka's own format included:
 * brokers read and write the older ones. What a later version made is left alone.
 */
final class ClusterFolder {

    private static final String CLUSTER_FILE = "cluster.properties";
    private static final String CLUSTER_ID = "cluster.id";
    private static final String BROKERS = "brokers";

    /** Absent in folders of the first versions, which had the first layout. */
    private static final String LAYOUT = "layout";

    /** Kafka's feature level of what its controller keeps; absent where the layout is. */
    private static final String METADATA_VERSION = "metadata.version";

    /** How this version lays a folder out: raised when earlier ones could not read it any more. */
    private static final int OUR_LAYOUT = 1;

    private static final MetadataVersion OUR_METADATA = MetadataVersion.LATEST_PRODUCTION;
    private static final String NODE_FILE = "meta.properties";

    private final Path folder;
    private final String clusterId;

    private ClusterFolder(Path folder, String clusterId) {
        this.folder = folder;
        this.clusterId = clusterId;
    }

    /**
     * Opens the folder, or begins a new cluster in it.
     *
     * @throws IllegalStateException if its cluster has another number of brokers, which would not find each other, or was
     *     made by a later version; or if its disk is full
     */
    static ClusterFolder open(Path folder, int brokers) throws IOException {
        Files.createDirectories(folder);
        DiskSpace.require(folder);
        Path file = folder.resolve(CLUSTER_FILE);
        if (!Files.exists(file)) {
            writeDurably(
                    file,
                    String.join(
                            "\n",
                            CLUSTER_ID + "=" + Uuid.randomUuid(),
                            BROKERS + "=" + brokers,
                            LAYOUT + "=" + OUR_LAYOUT,
                            METADATA_VERSION + "=" + OUR_METADATA.featureLevel(),
                            ""));
        }
        Properties cluster = read(file);
        refuseLater(folder, cluster, LAYOUT, OUR_LAYOUT);
        refuseLater(folder, cluster, METADATA_VERSION, OUR_METADATA.featureLevel());
        String before = cluster.getProperty(BROKERS, "an unknown number of");
        if (!before.equals(Integer.toString(brokers))) {
            throw new IllegalStateException(folder + " has " + before + " brokers, not " + brokers);
        }
        return new ClusterFolder(folder, cluster.getProperty(CLUSTER_ID, ""));
    }

    /** Kafka itself would halt the process, and say so in the middle of a stack trace. */
    private static void refuseLater(Path folder, Properties cluster, String key, int known) {
        String found = cluster.getProperty(key, "0").strip();
        if (!found.matches("[0-9]{1,9}") || Integer.parseInt(found) > known) {
            throw new IllegalStateException(
                    "%s was made by a later version of the job queue (%s is %s, and %d is the last"
                                    .formatted(folder, key, found, known)
                            + " that this one knows). It was left as it is: start that version again, or use a copy from before");
        }
    }

    String clusterId() {
        return clusterId;
    }

    /** The node's own folder, formatted; a node that was formatted before keeps everything. */
    Path formatted(int nodeId) throws IOException {
        Path node = folder.resolve("node-" + nodeId);
        Files.createDirectories(node);
        if (!isFormatted(node)) {
            Files.deleteIfExists(node.resolve(NODE_FILE));
            format(node, nodeId);
        }
        return node;
    }

    private void format(Path node, int nodeId) throws IOException {
        try (PrintStream quiet = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
            new Formatter()
                    .setPrintStream(quiet)
                    .setClusterId(clusterId)
                    .setNodeId(nodeId)
                    .setDirectories(List.of(node.toString()))
                    .setMetadataLogDirectory(node.toString())
                    .setControllerListenerName(NodeSettings.CONTROLLER_LISTENER)
                    .setReleaseVersion(OUR_METADATA)
                    .run();
        } catch (Exception e) {
            throw new IOException("cannot format " + node, e);
        }
    }

    /** A file that a power loss left empty or torn counts as absent. */
    private static boolean isFormatted(Path node) throws IOException {
        Path file = node.resolve(NODE_FILE);
        if (!Files.exists(file)) {
            return false;
        }
        return read(file).stringPropertyNames().containsAll(List.of("version", "cluster.id", "node.id"));
    }

    private static Properties read(Path file) throws IOException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            properties.load(reader);
        }
        return properties;
    }

    /** Whole or not at all: the name appears only when the content is on disk. */
    private static void writeDurably(Path file, String content) throws IOException {
        Path written = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(written, content);
        try (FileChannel channel = FileChannel.open(written, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Files.move(written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
