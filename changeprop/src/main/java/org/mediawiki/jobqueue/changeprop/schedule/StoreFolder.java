package org.mediawiki.jobqueue.changeprop.schedule;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the stores of one Kafka cluster are kept, as long as they may be trusted. All that stands there is in Kafka as
 * well: without it the next life only takes longer to begin.
 */
final class StoreFolder {

    /** How long the changelogs remember that something was released (their {@code delete.retention.ms}). */
    static final Duration REMEMBERED = Duration.ofDays(7);

    /** What has not been used for so long may hold what others have released since. */
    private static final Duration TRUSTED = REMEMBERED.dividedBy(2);

    private static final Logger LOG = LoggerFactory.getLogger(StoreFolder.class);

    private final Path folder;
    private final Path lastUse;
    private final InstantSource clock;

    /** {@code cluster} is the id of the Kafka cluster: what waits in another is none of ours. */
    StoreFolder(Path parent, String cluster, InstantSource clock) {
        this.folder = parent.resolve(cluster);
        this.lastUse = folder.resolve("last-use");
        this.clock = clock;
    }

    /**
     * Ready for a life; emptied where it was not used for too long.
     *
     * @throws UncheckedIOException where nothing can be written there
     */
    Path open() {
        try {
            if (Files.exists(lastUse)
                    && Files.getLastModifiedTime(lastUse)
                            .toInstant()
                            .isBefore(clock.instant().minus(TRUSTED))) {
                LOG.info("The scheduler's store was not used for {} or longer and is read from Kafka again", TRUSTED);
                discard();
            }
            Files.createDirectories(folder);
            touch();
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException("the folder of the scheduler, " + folder, e);
        }
    }

    /** It is in use still. */
    void touch() {
        try {
            if (!Files.exists(lastUse)) {
                Files.createFile(lastUse);
            }
            Instant now = clock.instant();
            Files.setLastModifiedTime(lastUse, FileTime.from(now));
        } catch (IOException e) {
            throw new UncheckedIOException("the folder of the scheduler, " + folder, e);
        }
    }

    /** What stands there cannot be used. */
    void discard() {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the folder of the scheduler, " + folder, e);
        }
    }
}
