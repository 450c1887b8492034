package org.mediawiki.jobqueue.loadtest.fault;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A disk of its own for one folder of one program, so small that it can be filled: a file system in memory, in a user and
 * mount namespace (Linux), for which no rights are needed. A process keeps it, and ends with this one; what runs
 * {@linkplain #around in it} may end and start again and finds what it has written.
 *
 * <p>Any thread. Its methods block for moments.
 */
public final class SmallDisk implements AutoCloseable {

    private static final int MEBIBYTES = 96;
    private static final long PATIENCE_SECONDS = 10;
    private static final int CHUNK = 256 * 1024;
    private static final String READY = "ready";
    private static final String FILLER = "filler";

    private final Process keeper;
    private final Path folder;

    private SmallDisk(Process keeper, Path folder) {
        this.keeper = keeper;
        this.folder = folder;
    }

    /**
     * Mounts it over {@code folder}, for whoever runs in it alone.
     *
     * @throws IOException where this machine does not allow it; the message says what it said
     */
    public static SmallDisk over(Path folder) throws IOException {
        Path mounted = Files.createDirectories(folder).toRealPath();
        String mount = "mount -t tmpfs -o size=" + MEBIBYTES + "m tmpfs \"$0\" && echo " + READY + " && exec cat";
        Process keeper = new ProcessBuilder(
                        "unshare", "--user", "--map-root-user", "--mount", "--", "sh", "-c", mount, mounted.toString())
                .redirectErrorStream(true)
                .start();
        // It says that it is ready, or what is wrong and ends; then it waits for words that never come.
        String said = keeper.inputReader(StandardCharsets.UTF_8).readLine();
        if (!READY.equals(said)) {
            keeper.destroyForcibly();
            throw new IOException("no disk can be mounted: " + said);
        }
        return new SmallDisk(keeper, mounted);
    }

    /** The command line by which {@code command} runs with the disk. It is the same process, for signals too. */
    public List<String> around(List<String> command) {
        List<String> inside = new ArrayList<>(List.of(
                "nsenter",
                "--target",
                Long.toString(keeper.pid()),
                "--user",
                "--mount",
                "--preserve-credentials",
                "--wd",
                "--"));
        inside.addAll(command);
        return inside;
    }

    /** From here on nothing more can be written to it. */
    public void fill() throws IOException {
        byte[] chunk = new byte[CHUNK];
        try (OutputStream filler =
                Files.newOutputStream(inside().resolve(FILLER), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            while (true) {
                filler.write(chunk);
            }
        } catch (IOException full) {
            if (usable() > 0) {
                throw full;
            }
        }
    }

    /** There is room again. */
    public void relieve() throws IOException {
        Files.deleteIfExists(inside().resolve(FILLER));
    }

    private long usable() throws IOException {
        return Files.getFileStore(inside()).getUsableSpace();
    }

    /** What is on it goes with it. */
    @Override
    public void close() {
        keeper.destroy();
        try {
            if (!keeper.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                keeper.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Path inside() {
        return Path.of("/proc", Long.toString(keeper.pid()), "root")
                .resolve(folder.toString().substring(1));
    }
}
