package org.mediawiki.jobqueue.loadtest.measure;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Somebody who takes jobs from Kafka and posts them over HTTPS, as processes. */
public interface Contender {

    /**
     * Twice the 2 s that SPEC section 6 promises of a file that has changed, for here everything fights for the same cores; and
     * the connect timeout of 5 s: what a process that has just started began before arrives when its connection is made.
     */
    Duration LIMIT_HOLDS_WITHIN = Duration.ofSeconds(9);

    /** As people call it. */
    String name();

    /**
     * The command line of one of its instances.
     *
     * @param instance its number, from 0
     * @throws IOException where its files cannot be written
     */
    List<String> command(Course course, int instance) throws IOException;

    /**
     * Where an instance keeps what it has on disk, for disturbances of the disk.
     *
     * @param folder that of the {@link Course}
     * @return empty where it keeps nothing
     */
    default Optional<Path> disk(Path folder, int instance) {
        return Optional.empty();
    }

    /**
     * Gives a job type another limit: of an instance that runs, or that will be started. It is to hold within
     * {@link #LIMIT_HOLDS_WITHIN}.
     *
     * @param folder that of the {@link Course}
     * @throws UnsupportedOperationException where it takes a restart
     * @throws IOException where its files cannot be written
     */
    default void limit(Path folder, int instance, String type, int concurrency) throws IOException {
        throw new UnsupportedOperationException(name() + " cannot be given another limit while it runs");
    }
}
