package org.mediawiki.jobqueue.loadtest.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.mediawiki.jobqueue.changeprop.Main;

/** {@code jobqueue run} as a process of its own, so that it can be killed. */
final class ServiceProcess implements AutoCloseable {

    /**
     * This JVM's: by locks that lie there, services of one machine take different names. One that looked elsewhere would take
     * the name of one that runs in this JVM, and the broker would fence it off.
     */
    private static final Path SHARED_TEMPORARY_FOLDER = Path.of(System.getProperty("java.io.tmpdir"));

    private final Process process;
    private final Path config;
    private final Path log;

    private ServiceProcess(Process process, Path config, Path log) {
        this.process = process;
        this.config = config;
        this.log = log;
    }

    /** Starts it with this configuration and these further arguments; returns at once. */
    static ServiceProcess start(Path folder, String yaml, String... arguments) {
        return start(folder, yaml, run(SHARED_TEMPORARY_FOLDER), List.of(arguments));
    }

    /** The same with a temporary folder of its own, where a test looks what is left of it. */
    static ServiceProcess startWithTemporaryFolder(Path temporary, Path folder, String yaml) {
        return start(folder, yaml, run(temporary), List.of());
    }

    /** As the first, but names lead where the file {@code names} says, in the form of /etc/hosts, and nowhere else. */
    static ServiceProcess startWithNames(Path names, Path folder, String yaml) {
        List<String> options = List.of("-Xmx256m", "-Djdk.net.hosts.file=" + names);
        return start(folder, yaml, command(SHARED_TEMPORARY_FOLDER, options, "run"), List.of());
    }

    /**
     * {@code jobqueue standalone} with the memory that its unit file gives it; returns at once. With
     * {@code -Djobqueue.launcher=/opt/jobqueue/bin/jobqueue} it is the installed one.
     */
    static ServiceProcess standalone(Path folder, String yaml) {
        return standalone(folder, yaml, UnaryOperator.identity());
    }

    /** The same, with another command line {@code around} its own. */
    static ServiceProcess standalone(Path folder, String yaml, UnaryOperator<List<String>> around) {
        List<String> memory = List.of(
                "-Xmx192m",
                "-XX:MaxMetaspaceSize=112m",
                "-XX:ReservedCodeCacheSize=48m",
                "-Xss512k",
                "-XX:MaxDirectMemorySize=48m",
                "-XX:TieredStopAtLevel=1");
        String launcher = System.getProperty("jobqueue.launcher");
        return launcher == null
                ? start(folder, yaml, around.apply(command(SHARED_TEMPORARY_FOLDER, memory, "standalone")), List.of())
                : start(folder, yaml, around.apply(List.of(launcher, "standalone")), List.of());
    }

    /** The launcher of the Java that runs this. */
    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private static List<String> run(Path temporary) {
        return command(temporary, List.of("-Xmx256m"), "run");
    }

    private static List<String> command(Path temporary, List<String> memory, String verb) {
        List<String> command = new ArrayList<>(
                List.of(java(), "-XX:+ExitOnOutOfMemoryError", "-XX:+UseSerialGC", "-Djava.io.tmpdir=" + temporary));
        command.addAll(memory);
        if (!Boolean.getBoolean("jobqueue.soak")) {
            // A build starts many that live for seconds.
            command.add("-XX:TieredStopAtLevel=1");
        }
        command.addAll(SharedClasses.javaOptions());
        command.addAll(List.of(Main.class.getName(), verb));
        return command;
    }

    private static ServiceProcess start(Path folder, String yaml, List<String> verb, List<String> arguments) {
        try {
            Path config = Files.writeString(Files.createTempFile(folder, "jobqueue", ".yaml"), yaml);
            Path log = Files.createTempFile(folder, "jobqueue", ".log");
            List<String> command = new ArrayList<>(verb);
            command.addAll(List.of("--config", config.toString()));
            command.addAll(arguments);
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            return new ServiceProcess(process, config, log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes another configuration into its file, which it watches. */
    void configure(String yaml) {
        try {
            Files.writeString(config, yaml);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@code kill -9}; returns when it is dead. */
    void kill() {
        process.destroyForcibly();
        awaitExit(Duration.ofSeconds(10));
    }

    /** {@code SIGSTOP}: it stands still, and does not know it. */
    void freeze() {
        signal("-STOP");
    }

    /** {@code SIGCONT}: it goes on as if nothing had been. */
    void thaw() {
        signal("-CONT");
    }

    /** {@code SIGTERM}; returns at once. */
    void terminate() {
        process.destroy();
    }

    /** The exit code. */
    int awaitExit(Duration patience) {
        try {
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("still running after " + patience + ":\n" + log());
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return process.exitValue();
    }

    /** The memory that it has of the machine, in MB; empty where the machine does not say. */
    OptionalLong residentMegabytes() {
        try {
            return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                    .findFirst();
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** What it has printed. */
    String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void signal(String name) {
        try {
            int code = new ProcessBuilder("kill", name, Long.toString(process.pid()))
                    .start()
                    .waitFor();
            if (code != 0) {
                throw new AssertionError("kill " + name + " ended with " + code);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
