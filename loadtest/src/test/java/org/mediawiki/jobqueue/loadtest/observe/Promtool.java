package org.mediawiki.jobqueue.loadtest.observe;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Prometheus' own programs. Tests that need one are skipped where it is not installed; {@link Needed} tells of exceptions. */
public final class Promtool {

    private Promtool() {}

    /**
     * What a program said, and whether it was content.
     *
     * @param output standard output and errors
     */
    public record Result(int exitCode, String output) {}

    /** Runs {@code promtool} with {@code input} as its standard input; skips the test where it is missing. */
    public static Result run(String input, String... arguments) {
        List<String> command = new ArrayList<>(List.of(installed("promtool").toString()));
        command.addAll(List.of(arguments));
        try {
            Path in = Files.writeString(Files.createTempFile("promtool", ".in"), input);
            Process process = new ProcessBuilder(command)
                    .redirectInput(in.toFile())
                    .redirectErrorStream(true)
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int exitCode = process.waitFor();
            Files.delete(in);
            return new Result(exitCode, output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Where the program is; skips the test where it is nowhere on the {@code PATH}. */
    public static Path installed(String program) {
        Optional<Path> found = Arrays.stream(System.getenv("PATH").split(File.pathSeparator, -1))
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst();
        Needed.of("prometheus", found.isPresent(), program + " is not installed");
        return found.orElseThrow();
    }
}
