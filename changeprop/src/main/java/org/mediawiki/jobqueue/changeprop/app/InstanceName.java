package org.mediawiki.jobqueue.changeprop.app;

import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Optional;
import org.mediawiki.jobqueue.changeprop.config.Configuration;

/**
 * What this process is called among all of the service: as the configuration says, else the host's name and the first
 * number that no other process of this machine has. Whoever is killed and started again so gets its old name, and with
 * it what it owned.
 */
final class InstanceName implements AutoCloseable {

    /** Kafka's names of members are no longer than this, with a lane's. */
    private static final int LONGEST_HOST = 100;

    private final String value;
    private final Optional<StateFolder> number;

    private InstanceName(String value, Optional<StateFolder> number) {
        this.value = value;
        this.number = number;
    }

    /**
     * The name, which is this process's until it is closed or the process ends in any way.
     *
     * @throws java.io.UncheckedIOException where nothing can be written below the temporary folder
     */
    static InstanceName of(Configuration configuration) {
        String given = configuration.instance();
        if (given != null) {
            return new InstanceName(given, Optional.empty());
        }
        String folder = "jobqueue-instance-" + configuration.dc() + "-" + configuration.service();
        StateFolder number = StateFolder.firstFreeIn(Path.of(System.getProperty("java.io.tmpdir"), folder));
        return new InstanceName(hostName() + "-" + number.path().getFileName(), Optional.of(number));
    }

    String value() {
        return value;
    }

    /** See {@link StateFolder#keepFresh}. */
    void keepFresh(Vertx vertx) {
        number.ifPresent(folder -> folder.keepFresh(vertx));
    }

    @Override
    public void close() {
        number.ifPresent(StateFolder::close);
    }

    private static String hostName() {
        try {
            String name = InetAddress.getLocalHost().getHostName().replaceAll("[^A-Za-z0-9._-]", "-");
            return name.substring(0, Math.min(LONGEST_HOST, name.length()));
        } catch (UnknownHostException e) {
            // A container without an entry of its own; its number is all there is.
            return "localhost";
        }
    }
}
