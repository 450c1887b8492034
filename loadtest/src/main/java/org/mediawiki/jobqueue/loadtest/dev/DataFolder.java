package org.mediawiki.jobqueue.loadtest.dev;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where {@code dev} keeps its data: a folder that was asked for, or a temporary one that goes away at the end. */
final class DataFolder {

    private static final Logger LOG = LoggerFactory.getLogger(DataFolder.class);

    private final Path path;
    private final boolean isTemporary;

    private DataFolder(Path path, boolean isTemporary) {
        this.path = path;
        this.isTemporary = isTemporary;
    }

    /** @throws IOException if it cannot be made */
    static DataFolder open(Optional<Path> asked) throws IOException {
        return asked.isPresent()
                ? new DataFolder(Files.createDirectories(asked.get()).toAbsolutePath(), false)
                : new DataFolder(Files.createTempDirectory("jobqueue-dev"), true);
    }

    Path path() {
        return path;
    }

    /** As people are told of it. */
    String description() {
        return path + (isTemporary ? " (temporary; --data keeps it)" : "");
    }

    /** Removes it if it is temporary. */
    void leave() {
        if (!isTemporary) {
            return;
        }
        try (Stream<Path> all = Files.walk(path)) {
            for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException | UncheckedIOException e) {
            LOG.warn("{} could not be removed: {}", path, e.toString());
        }
    }
}
