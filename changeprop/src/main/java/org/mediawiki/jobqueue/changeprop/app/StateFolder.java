package org.mediawiki.jobqueue.changeprop.app;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.mediawiki.jobqueue.runner.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A folder on disk that no other process uses at the same time, though one after it may: what stands there spares a
 * restart the way over the network. Where systems delete what is old in their temporary folder, a lock that nobody
 * {@linkplain #keepFresh touches} would go, and the next process take the folder beside this one.
 */
final class StateFolder implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(StateFolder.class);

    private static final Duration FRESHEN_EVERY = Duration.ofHours(1);

    /** More processes on one machine than this must be told their folders. */
    private static final int MOST_PROCESSES = 1_000;

    private final Path path;
    private final Path lockFile;
    private final FileChannel lock;

    private StateFolder(Path path, Path lockFile, FileChannel lock) {
        this.path = path;
        this.lockFile = lockFile;
        this.lock = lock;
    }

    /**
     * The first folder below {@code parent} that is free; held until it is closed, or the process ends in any way.
     *
     * @throws UncheckedIOException where nothing can be written there
     */
    static StateFolder firstFreeIn(Path parent) {
        try {
            Files.createDirectories(parent);
            for (int number = 0; number < MOST_PROCESSES; number++) {
                Path lockFile = parent.resolve(number + ".lock");
                Optional<FileChannel> lock = lock(lockFile);
                if (lock.isPresent()) {
                    return new StateFolder(
                            Files.createDirectories(parent.resolve(Integer.toString(number))), lockFile, lock.get());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("no folder below " + parent, e);
        }
        throw new IllegalStateException("all " + MOST_PROCESSES + " folders below " + parent + " are in use");
    }

    /**
     * This very folder.
     *
     * @throws IllegalStateException where another process uses it
     * @throws UncheckedIOException where nothing can be written there
     */
    static StateFolder at(Path folder) {
        try {
            Files.createDirectories(folder);
            Path lockFile = folder.resolve("in-use.lock");
            return lock(lockFile)
                    .map(lock -> new StateFolder(folder, lockFile, lock))
                    .orElseThrow(() ->
                            new IllegalStateException("scheduler.folder " + folder + " is in use by another process"));
        } catch (IOException e) {
            throw new UncheckedIOException("scheduler.folder " + folder + " cannot be used", e);
        }
    }

    Path path() {
        return path;
    }

    /**
     * {@linkplain #freshen Freshens} it every hour, for as long as {@code vertx} is open. systemd's {@code tmpfiles.d} deletes from
     * {@code /tmp}, on many systems, what has not changed for ten days, whoever holds a lock on it.
     */
    void keepFresh(Vertx vertx) {
        Time time = Time.of(vertx);
        vertx.setPeriodic(FRESHEN_EVERY.toMillis(), fired -> {
            var unused = vertx.executeBlocking(() -> {
                freshen(time.instant());
                return true;
            });
        });
    }

    /** Makes the lock look as if it had changed {@code now}. Blocks for a moment. */
    void freshen(Instant now) {
        try {
            Files.setLastModifiedTime(lockFile, FileTime.from(now));
        } catch (IOException e) {
            LOG.warn("The lock {} cannot be kept: another process may take what is this one's", lockFile, e);
        }
    }

    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            throw new UncheckedIOException("the lock of " + path, e);
        }
    }

    private static Optional<FileChannel> lock(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() != null) {
                return Optional.of(channel);
            }
        } catch (OverlappingFileLockException e) {
            // Another service in this process has it.
            channel.close();
            return Optional.empty();
        }
        channel.close();
        return Optional.empty();
    }
}
