package org.mediawiki.jobqueue.changeprop.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code jobqueue run} says where it cannot start: one line that tells what to mend. Kafka is not needed for that. */
class RunCommandTest {

    @TempDir
    private Path folder;

    @Test
    void aPortOfTheAdminServerThatIsInUseIsSaidInALine() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(startWith("admin: {port: %d}".formatted(taken.getLocalPort())))
                    .isEqualTo("jobqueue run: the admin server cannot listen on 127.0.0.1:%d:"
                                    .formatted(taken.getLocalPort())
                            + " java.net.BindException: Address already in use");
        }
    }

    @Test
    void aPortOfTheIntakeThatIsInUseIsSaidInALine() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(startWith("admin: {port: 0}\nintake: {enabled: true, port: %d}".formatted(taken.getLocalPort())))
                    .startsWith("jobqueue run: the intake cannot listen on 127.0.0.1:" + taken.getLocalPort() + ": ")
                    .contains("Address already in use");
        }
    }

    @Test
    void aFolderOfTheSchedulerThatIsInUseIsSaidInALine() throws IOException {
        Path lock = folder.resolve("in-use.lock");
        try (FileChannel other = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock held = other.lock()) {
            assertThat(held.isValid()).isTrue();
            assertThat(startWith(scheduler(folder)))
                    .isEqualTo("jobqueue run: scheduler.folder " + folder + " is in use by another process");
        }
    }

    @Test
    void aFolderOfTheSchedulerThatCannotBeWrittenToIsSaidInALine() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "no folder");

        assertThat(startWith(scheduler(file.resolve("folder"))))
                .startsWith("jobqueue run: scheduler.folder " + file.resolve("folder") + " cannot be used: ")
                .contains(file.toString());
    }

    /** What the loader cannot know: whether a trust store is one. */
    @Test
    void whatAClientOfKafkaRefusesIsSaidInALine() throws IOException {
        Path noStore = Files.writeString(folder.resolve("ca.pem"), "no certificate");

        assertThat(startWith(
                        "admin: {port: 0}",
                        "security.protocol: SSL, ssl.truststore.type: PEM," + " ssl.truststore.location: " + noStore))
                .startsWith("jobqueue run: Failed ")
                .contains("Failed to load PEM", noStore.toString());
    }

    /** Properties that no client takes together are the file's fault: found before anything is connected. */
    @Test
    void whatKafkaWouldRefuseTogetherIsBadConfiguration() throws IOException {
        StringWriter err = new StringWriter();

        int code = run(yaml("admin: {port: 0}", "request.timeout.ms: 90000"), err);

        assertThat(code).isEqualTo(2);
        assertThat(err.toString()).contains("kafka.client.request.timeout.ms");
    }

    private String startWith(String keys) throws IOException {
        return startWith(keys, "");
    }

    /** The one line that it says. */
    private String startWith(String keys, String client) throws IOException {
        StringWriter err = new StringWriter();

        assertThat(run(yaml(keys, client), err)).isEqualTo(1);
        return assertThat(err.toString().lines()).singleElement().actual();
    }

    private int run(String yaml, StringWriter err) throws IOException {
        Path file = Files.writeString(folder.resolve("jobqueue.yaml"), yaml);
        return JobQueueCommand.commandLine().setErr(new PrintWriter(err)).execute("run", "--config", file.toString());
    }

    private static String scheduler(Path folder) {
        return "admin: {port: 0}\nscheduler: {folder: \"" + folder + "\"}";
    }

    private static String yaml(String keys, String client) {
        return """
                kafka: {bootstrap_servers: ['localhost:1'], client: {%s}}
                targets: {runner: {uri: 'http://127.0.0.1:1/'}}
                %s
                """.formatted(client, keys);
    }
}
