package org.mediawiki.jobqueue.changeprop.metrics;

import io.micrometer.core.instrument.Tags;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the scheduler's store takes on its disk, and what room there is. {@link #refresh} is called by whoever scrapes. */
public final class StoreMeters {

    private static final Logger LOG = LoggerFactory.getLogger(StoreMeters.class);

    private final Path folder;
    private final AtomicLong store;
    private final AtomicLong free;
    private final AtomicLong size;

    StoreMeters(Meters meters, Path folder) {
        this.folder = folder;
        this.store = meters.level(
                "jobqueue.scheduler.store.bytes", "Bytes of the scheduler's store on its disk.", Tags.empty());
        this.free = meters.level(
                "jobqueue.scheduler.disk.free.bytes",
                "Bytes that the file system of the scheduler's folder has room for.",
                Tags.empty());
        this.size = meters.level(
                "jobqueue.scheduler.disk.size.bytes",
                "Bytes of the file system of the scheduler's folder.",
                Tags.empty());
    }

    /** Looks anew. Blocks while each file is asked for its size: of a store of 40 GB they are some hundreds. */
    public void refresh() {
        try {
            FileStore disk = Files.getFileStore(folder);
            free.set(disk.getUsableSpace());
            size.set(disk.getTotalSpace());
            store.set(bytes());
        } catch (IOException e) {
            LOG.debug("The disk of {} cannot be asked; what it said before is told", folder, e);
        }
    }

    private long bytes() throws IOException {
        Sum sum = new Sum();
        Files.walkFileTree(folder, sum);
        return sum.bytes;
    }

    /** Files go while it looks: a compaction replaces them. */
    private static final class Sum extends SimpleFileVisitor<Path> {

        private long bytes;

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            bytes += attributes.size();
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException gone) {
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException gone) {
            return FileVisitResult.CONTINUE;
        }
    }
}
