package org.mediawiki.jobqueue.loadtest.system;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.mediawiki.jobqueue.changeprop.Main;

/**
 * The class path of the processes that a build starts by the dozen, with an archive of their classes (JEP 350), which saves
 * each of them half of its start. It is made once, by a rehearsal of a few seconds, as {@code jobqueue prepare} does.
 *
 * <p>Where the service is not in jars, as in an IDE, there is no archive: Java archives no classes of folders.
 */
final class SharedClasses {

    private static final Path TARGET = Path.of("target").toAbsolutePath();
    private static final int MOST_SECONDS = 120;
    private static final List<String> OPTIONS = options();

    private SharedClasses() {}

    /** Options of {@code java}, the class path among them. */
    static List<String> javaOptions() {
        return OPTIONS;
    }

    private static List<String> options() {
        String all = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        List<String> entries = Arrays.asList(all.split(File.pathSeparator));
        List<String> jars = entries.stream()
                .filter(Predicate.not(entry -> Path.of(entry).startsWith(TARGET)))
                .toList();
        if (!jars.stream().allMatch(entry -> entry.endsWith(".jar"))) {
            return List.of("-cp", all);
        }
        List<String> options = new ArrayList<>(List.of(
                "-Dlogback.configurationFile=" + TARGET.resolve("test-classes/logback-test.xml"),
                "-cp",
                String.join(File.pathSeparator, jars)));
        options.addAll(0, archive(jars, options));
        return List.copyOf(options);
    }

    /** None where it cannot be made: then processes start as they do without. */
    private static List<String> archive(List<String> jars, List<String> options) {
        Path archive = TARGET.resolve("processes-java" + Runtime.version().feature() + ".jsa");
        try (FileChannel channel = FileChannel.open(
                TARGET.resolve("processes.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            // Builds run tests in several processes. It ends with the channel.
            channel.lock();
            if (!isOf(jars, archive)) {
                Files.deleteIfExists(archive);
                make(archive, options);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return Files.exists(archive) ? List.of("-XX:SharedArchiveFile=" + archive, "-Xlog:cds*=off") : List.of();
    }

    /** Java would pass over the archive of another version in silence. */
    private static boolean isOf(List<String> jars, Path archive) {
        long made = archive.toFile().lastModified();
        return jars.stream().allMatch(jar -> new File(jar).lastModified() < made);
    }

    private static void make(Path archive, List<String> options) throws IOException, InterruptedException {
        Path unfinished = Path.of(archive + ".new");
        List<String> command = new ArrayList<>(List.of(
                ServiceProcess.java(),
                "-XX:ArchiveClassesAtExit=" + unfinished,
                "-Xlog:cds*=off",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1"));
        command.addAll(options);
        command.addAll(List.of(Main.class.getName(), "rehearse"));
        Process rehearsal = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(TARGET.resolve("processes.log").toFile())
                .start();
        try {
            if (rehearsal.waitFor(MOST_SECONDS, TimeUnit.SECONDS) && rehearsal.exitValue() == 0) {
                Files.move(unfinished, archive, StandardCopyOption.ATOMIC_MOVE);
            }
        } finally {
            rehearsal.destroyForcibly();
        }
    }
}
