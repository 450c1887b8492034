package org.mediawiki.jobqueue.loadtest.measure;

import java.io.IOException;
import java.net.URI;
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

    /** In the place of an instance's number, where it is not known which one it was. */
    int UNKNOWN = -1;

    /** Begins the {@code User-Agent} of an instance that says which one it is. */
    String INSTANCE = "instance-";

    /** The {@code User-Agent} of an instance that says which one it is. */
    static String nameOf(int instance) {
        return INSTANCE + instance;
    }

    /** Which instance says so of itself; {@link #UNKNOWN} where it has another name, as other programs have. */
    static int instanceNamed(String userAgent) {
        String number = userAgent.startsWith(INSTANCE) ? userAgent.substring(INSTANCE.length()) : "";
        return number.matches("[0-9]{1,3}") ? Integer.parseInt(number) : UNKNOWN;
    }

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

    /** Pauses a job type, or lets it go on; as {@link #limit}. */
    default void pause(Path folder, int instance, String type, boolean paused) throws IOException {
        throw new UnsupportedOperationException(name() + " cannot be told to pause");
    }

    /** What an instance that runs is told can no longer be understood, until it is {@linkplain #mend mended}; as {@link #limit}. */
    default void spoil(Path folder, int instance) throws IOException {
        throw new UnsupportedOperationException(name() + " has no file that it would read again");
    }

    /** As it was before it was {@linkplain #spoil spoiled}. */
    default void mend(Path folder, int instance) throws IOException {
        throw new UnsupportedOperationException(name() + " has no file that it would read again");
    }

    /**
     * Where an instance tells its metrics.
     *
     * @param adminPort that of its {@link Course}
     * @return empty where it tells none
     */
    default Optional<URI> metrics(int adminPort) {
        return Optional.empty();
    }

    /** It is tried no more: what it needs in this process ends. */
    default void end() {}
}
