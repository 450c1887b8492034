package org.mediawiki.jobqueue.loadtest.fault;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Properties;

/** The file by which an instance is told what is the matter with its machine; one writer, one reader. */
public final class FaultControl {

    private static final String CLOCK = "clock.millis";
    private static final String DISK = "disk.millis";

    private final Path file;
    private State state = State.WELL;

    /**
     * What is the matter.
     *
     * @param clock by how much the wall clock is ahead; negative where it is behind
     * @param diskDelay how much longer than usual an access of the disk takes
     */
    record State(Duration clock, Duration diskDelay) {
        static final State WELL = new State(Duration.ZERO, Duration.ZERO);
    }

    /** Nothing is the matter until the file says so. */
    public FaultControl(Path file) {
        this.file = file;
    }

    Path file() {
        return file;
    }

    /** The instance's wall clock is ahead by so much, within a tenth of a second. */
    public synchronized void clock(Duration ahead) throws IOException {
        write(new State(ahead, state.diskDelay()));
    }

    /** Each access of the instance's store takes so much longer, within a tenth of a second. */
    public synchronized void diskDelay(Duration delay) throws IOException {
        write(new State(state.clock(), delay));
    }

    /** What the file says. */
    State read() throws IOException {
        if (!Files.exists(file)) {
            return State.WELL;
        }
        Properties said = new Properties();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            said.load(reader);
        }
        return new State(millis(said, CLOCK), millis(said, DISK));
    }

    private void write(State next) throws IOException {
        state = next;
        Path written = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(
                written,
                CLOCK + "=" + next.clock().toMillis() + "\n" + DISK + "="
                        + next.diskDelay().toMillis() + "\n");
        Files.move(written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static Duration millis(Properties said, String key) {
        return Duration.ofMillis(Long.parseLong(said.getProperty(key, "0").strip()));
    }
}
