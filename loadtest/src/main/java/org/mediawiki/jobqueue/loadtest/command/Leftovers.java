package org.mediawiki.jobqueue.loadtest.command;

import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.kafka.common.utils.Exit;
import org.mediawiki.jobqueue.changeprop.embedded.TemporaryFolder;

/**
 * What a trial leaves where this process is told to end in the midst of it: services and brokers, which would run on, and
 * the folder. A thread of the JVM's clears it away then, also processes that stand still.
 */
final class Leftovers {

    private static final int TRIES = 100;
    private static final Duration BETWEEN = Duration.ofMillis(100);

    private final Supplier<Stream<ProcessHandle>> processes;
    private final TemporaryFolder folder;
    private final boolean keep;
    private final Thread hook = new Thread(this::clearAtTheEnd, "leftovers");

    /** Of {@code processes}, asked anew until there are none; {@code keep} is for the folder. */
    Leftovers(Supplier<Stream<ProcessHandle>> processes, TemporaryFolder folder, boolean keep) {
        this.processes = processes;
        this.folder = folder;
        this.keep = keep;
    }

    /** From now on; the processes are all that this one has started. */
    static Leftovers of(TemporaryFolder folder, boolean keep) {
        Leftovers leftovers = new Leftovers(() -> ProcessHandle.current().descendants(), folder, keep);
        Runtime.getRuntime().addShutdownHook(leftovers.hook);
        return leftovers;
    }

    /** The trial is over, and has cleared away what was its own. */
    void forget() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // It is at work.
        }
    }

    /** A broker in this process whose folder is gone would end the JVM at once. */
    private void clearAtTheEnd() {
        Exit.setHaltProcedure((code, message) -> {});
        clear();
    }

    /** Takes 10 s at the most. */
    void clear() {
        try {
            for (int left = TRIES; left > 0 && (killAll() || removeFolder()); left--) {
                TimeUnit.NANOSECONDS.sleep(BETWEEN.toNanos());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether something is left of it: a broker in this process may write once more. */
    private boolean removeFolder() {
        if (!keep) {
            folder.close();
        }
        return !keep && Files.exists(folder.path());
    }

    /** {@code kill -9}; whether there were any. */
    private boolean killAll() {
        List<ProcessHandle> alive =
                processes.get().filter(ProcessHandle::isAlive).toList();
        alive.forEach(ProcessHandle::destroyForcibly);
        return !alive.isEmpty();
    }
}
