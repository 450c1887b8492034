package org.mediawiki.jobqueue.changeprop.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.function.IntConsumer;
import org.apache.kafka.common.utils.Exit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the disk has room for Kafka, which itself says it in the middle of stack traces at best: it maps files into memory
 * that are larger than what they hold, and where the disk is full, whoever touches them fails by an error of the JVM.
 */
final class DiskSpace {

    /** For the files that a start makes and touches. */
    static final long LEAST_BYTES = 16L << 20;

    private static final Logger LOG = LoggerFactory.getLogger(DiskSpace.class);

    /** Of the clusters that were started in this JVM. Any thread. */
    private static final Collection<Path> FOLDERS = new CopyOnWriteArraySet<>();

    private DiskSpace() {}

    /**
     * Before anything is started there.
     *
     * @throws IllegalStateException where there is too little
     */
    static void require(Path folder) throws IOException {
        long left = Files.getFileStore(folder).getUsableSpace();
        if (left < LEAST_BYTES) {
            throw new IllegalStateException(
                    "%s is on a disk that is full: %d KiB are left, and Kafka needs %d KiB to start. Nothing is lost: make room, and start again"
                            .formatted(folder, left >> 10, LEAST_BYTES >> 10));
        }
    }

    /** When Kafka ends this process, as it does where it cannot write to {@code folder}, the log says so for people. */
    static void explainTheEnd(Path folder) {
        FOLDERS.add(folder);
        Exit.setHaltProcedure((code, message) -> end(code, Runtime.getRuntime()::halt));
        Exit.setExitProcedure((code, message) -> end(code, Runtime.getRuntime()::exit));
    }

    private static void end(int code, IntConsumer procedure) {
        Optional<Path> full = FOLDERS.stream().filter(DiskSpace::isFull).findFirst();
        if (full.isPresent()) {
            LOG.error(
                    "Kafka ends this process: the disk of {} is full. What was accepted is safe: make room, and start"
                            + " again",
                    full.get());
        } else {
            LOG.error("Kafka ends this process, for what it has logged before this line");
        }
        procedure.accept(code);
    }

    private static boolean isFull(Path folder) {
        try {
            return Files.getFileStore(folder).getUsableSpace() < LEAST_BYTES;
        } catch (IOException e) {
            return false;
        }
    }
}
