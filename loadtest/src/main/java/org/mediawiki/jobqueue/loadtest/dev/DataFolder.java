package org.mediawiki.jobqueue.loadtest.dev;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.mediawiki.jobqueue.changeprop.embedded.TemporaryFolder;

/**
 * Where {@code dev} keeps its data: a folder that was asked for, or a temporary one that goes away at the end.
 *
 * @param temporary where none was asked for
 */
record DataFolder(Path path, Optional<TemporaryFolder> temporary) {

    /** @throws IOException if it cannot be made */
    static DataFolder open(Optional<Path> asked) throws IOException {
        if (asked.isPresent()) {
            return new DataFolder(Files.createDirectories(asked.get()).toAbsolutePath(), Optional.empty());
        }
        TemporaryFolder temporary = TemporaryFolder.create("jobqueue-dev");
        return new DataFolder(temporary.path(), Optional.of(temporary));
    }

    /** As people are told of it. */
    String description() {
        return path + (temporary.isPresent() ? " (temporary; --data keeps it)" : "");
    }

    /** Removes it if it is temporary. */
    void leave() {
        temporary.ifPresent(TemporaryFolder::close);
    }
}
