package org.mediawiki.jobqueue.changeprop.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * A folder on disk that no other process uses at the same time, though one after it may: what stands there spares a
 * restart the way over the network.
 */
final class StateFolder implements AutoCloseable {

    /** More processes on one machine than this must be told their folders. */
    private static final int MOST_PROCESSES = 1_000;

    private final Path path;
    private final FileChannel lock;

    private StateFolder(Path path, FileChannel lock) {
        this.path = path;
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
                Optional<FileChannel> lock = lock(parent.resolve(number + ".lock"));
                if (lock.isPresent()) {
                    return new StateFolder(
                            Files.createDirectories(parent.resolve(Integer.toString(number))), lock.get());
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
            return lock(folder.resolve("in-use.lock"))
                    .map(lock -> new StateFolder(folder, lock))
                    .orElseThrow(() ->
                            new IllegalStateException("scheduler.folder " + folder + " is in use by another process"));
        } catch (IOException e) {
            throw new UncheckedIOException("scheduler.folder " + folder + " cannot be used", e);
        }
    }

    Path path() {
        return path;
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
