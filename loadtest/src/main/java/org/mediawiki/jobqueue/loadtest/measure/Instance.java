package org.mediawiki.jobqueue.loadtest.measure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One process of a contender, which may be stopped, killed and started again. Any thread. */
final class Instance {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int MOST_WORDS = 2_000;

    private final List<String> command;
    private final Path log;
    private @Nullable Process process;
    private boolean stopping;

    /** Ends that nobody asked for, and stops that took force. */
    private final List<String> surprises = new ArrayList<>();

    /** What processes took that have ended. */
    private Duration cpuBefore = Duration.ZERO;

    /** What the present one had taken when it was last asked while it ran. */
    private Duration cpuLately = Duration.ZERO;

    Instance(List<String> command, Path log) {
        this.command = List.copyOf(command);
        this.log = log;
    }

    /** Starts it; waits for one that was told to {@link #stop}, and is ended by force where that takes too long. */
    synchronized void start() throws IOException, InterruptedException {
        if (stopping || hasEndedByItself()) {
            end(false);
        }
        if (process != null && process.isAlive()) {
            throw new IllegalStateException("it runs already: " + log);
        }
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }

    synchronized boolean isRunning() {
        return process != null && process.isAlive();
    }

    /** How it ended where nobody had asked for it, up to now. */
    synchronized List<String> surprises() {
        List<String> all = new ArrayList<>(surprises);
        if (hasEndedByItself()) {
            all.add(endByItself());
        }
        return all;
    }

    /** {@code kill -9}. */
    synchronized void kill() throws InterruptedException {
        end(true);
    }

    /** SIGTERM; returns at once. What it takes from here on to its end is not counted. */
    synchronized void stop() {
        keepCpu();
        if (process != null && !hasEndedByItself()) {
            process.destroy();
            stopping = true;
        }
    }

    /** Sends a signal that Java has no method for, such as STOP. */
    synchronized void signal(String name) throws IOException, InterruptedException {
        if (process != null) {
            new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                    .start()
                    .waitFor();
        }
    }

    /** The CPU time of this instance so far. */
    synchronized Duration cpu() {
        if (process != null && !stopping && process.isAlive()) {
            cpuLately = process.info().totalCpuDuration().orElse(cpuLately);
        }
        return cpuBefore.plus(cpuLately);
    }

    /** Resident memory now, in bytes; 0 where it does not run, or the system does not tell. */
    synchronized long residentBytes() {
        if (process == null || !process.isAlive()) {
            return 0;
        }
        try (var lines = Files.lines(Path.of("/proc", Long.toString(process.pid()), "status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                    .findFirst()
                    .orElse(0);
        } catch (IOException | UncheckedIOException e) {
            // It has ended meanwhile.
            return 0;
        }
    }

    /** The end of what it has printed. */
    String lastWords() {
        try {
            String all = Files.readString(log);
            return all.substring(Math.max(0, all.length() - MOST_WORDS)).strip();
        } catch (IOException e) {
            return "nothing is known: " + e;
        }
    }

    /** Ends it cleanly, or else by force. */
    synchronized void end() throws InterruptedException {
        end(false);
    }

    private void end(boolean byForce) throws InterruptedException {
        if (process == null) {
            return;
        }
        keepCpu();
        if (hasEndedByItself()) {
            surprises.add(endByItself());
        } else if (byForce) {
            process.destroyForcibly();
        } else {
            process.destroy();
        }
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
            surprises.add(log.getFileName() + ": not stopped within " + PATIENCE.toSeconds() + " s");
        }
        process = null;
        stopping = false;
    }

    private void keepCpu() {
        cpuBefore = cpu();
        cpuLately = Duration.ZERO;
    }

    private boolean hasEndedByItself() {
        return process != null && !process.isAlive() && !stopping;
    }

    private String endByItself() {
        return log.getFileName() + ": ended by itself with "
                + Objects.requireNonNull(process).exitValue();
    }
}
