package org.mediawiki.jobqueue.changeprop.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The script {@code jobqueue} of a small wiki's folder, with a Java that does nothing. Linux, for which its unit is. */
@EnabledOnOs(OS.LINUX)
class StandaloneScriptTest {

    private static final Path SCRIPTS = Path.of("src", "standalone");

    /** Says what it was called with, and makes the archive where it is told to, unless it is told to fail. */
    private static final String JAVA = """
            #!/usr/bin/env bash
            if [ "$1" = -version ]; then echo 'openjdk version "17.0.1"' >&2; exit 0; fi
            echo "$*" >> "$CALLS"
            for word in "$@"; do
              case $word in -XX:ArchiveClassesAtExit=*) [ -n "${FAILS:-}" ] && exit 1; : > "${word#*=}" ;; esac
            done
            """;

    @TempDir
    private Path home;

    private Path calls;
    private Path cache;

    @BeforeEach
    void aFolderAsItIsUnpacked() throws IOException {
        calls = home.resolve("calls");
        cache = home.resolve("cache");
        Path bin = Files.createDirectories(home.resolve("bin"));
        Path lib = Files.createDirectories(home.resolve("lib"));
        for (String script : List.of("jobqueue", "java-options.sh")) {
            Files.copy(SCRIPTS.resolve(script), bin.resolve(script));
        }
        // Languages sort these differently.
        for (String jar : List.of("HdrHistogram.jar", "hash4j.jar", "kafka-clients.jar", "kafka_2.13.jar")) {
            Files.createFile(lib.resolve(jar));
        }
        Path java = Files.createDirectories(home.resolve("java/bin")).resolve("java");
        Files.writeString(java, JAVA);
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** What an administrator prepares must be what the unit finds, whose language and time zone are others. */
    @Test
    void whatIsPreparedInOneTimeZoneIsFoundInAnother() throws Exception {
        prepare(Map.of("TZ", "UTC", "LC_ALL", "C"));
        prepare(Map.of("TZ", "Europe/Berlin", "LC_ALL", "C.UTF-8"));

        assertThat(called()).hasSize(1);
    }

    @Test
    void whatCannotBePreparedIsTriedOnce() throws Exception {
        prepare(Map.of("FAILS", "yes"));
        prepare(Map.of());

        assertThat(called()).hasSize(1);
        assertThat(run("check")).isZero();
        assertThat(called()).last().asString().endsWith("Main check").doesNotContain("SharedArchiveFile");
    }

    @Test
    void anotherVersionIsPreparedAnewAndTheOldOneGoes() throws Exception {
        prepare(Map.of());
        Files.writeString(home.resolve("lib/kafka-clients.jar"), "another");
        prepare(Map.of());

        assertThat(called()).hasSize(2);
        try (Stream<Path> kept = Files.list(cache)) {
            assertThat(kept.filter(file -> file.toString().endsWith(".jsa"))).hasSize(1);
        }
    }

    @Test
    void aStartUsesWhatIsPrepared() throws Exception {
        prepare(Map.of());

        assertThat(run("standalone")).isZero();
        assertThat(called()).last().asString().contains("-XX:SharedArchiveFile=" + cache);
    }

    private void prepare(Map<String, String> environment) throws IOException, InterruptedException {
        run("prepare", environment);
    }

    private int run(String word) throws IOException, InterruptedException {
        return run(word, Map.of());
    }

    private int run(String word, Map<String, String> environment) throws IOException, InterruptedException {
        ProcessBuilder script =
                new ProcessBuilder("bash", home.resolve("bin/jobqueue").toString(), word);
        script.environment().putAll(environment);
        script.environment().put("JAVA_HOME", home.resolve("java").toString());
        script.environment().put("CACHE_DIRECTORY", cache.toString());
        script.environment().put("CALLS", calls.toString());
        Process process = script.redirectErrorStream(true).start();
        process.getInputStream().readAllBytes();
        return process.waitFor();
    }

    private List<String> called() throws IOException {
        return Files.readAllLines(calls, StandardCharsets.UTF_8);
    }
}
