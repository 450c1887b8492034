package org.mediawiki.jobqueue.loadtest.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The agent in a real JVM, that of the build. */
final class FaultAgentIT {

    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration TOLERANCE = Duration.ofMinutes(1);

    @TempDir
    private Path folder;

    @Test
    void everyClockIsAheadAndEachAccessOfTheStoreIsSlow() throws Exception {
        FaultControl control = new FaultControl(folder.resolve("control"));
        control.clock(HOUR);
        control.diskDelay(Duration.ofMillis(300));

        List<Long> said = said(control);

        long now = System.currentTimeMillis();
        assertThat(said).hasSize(6);
        assertThat(said.subList(0, 5))
                .allSatisfy(clock ->
                        assertThat(clock - now).isBetween(HOUR.minus(TOLERANCE).toMillis(), HOUR.toMillis()));
        assertThat(said.get(5)).isGreaterThanOrEqualTo(300);
    }

    @Test
    void whereNothingIsSaidNothingIsTheMatter() throws Exception {
        List<Long> said = said(new FaultControl(folder.resolve("control")));

        long now = System.currentTimeMillis();
        assertThat(said.subList(0, 5))
                .allSatisfy(clock -> assertThat(now - clock).isBetween(0L, TOLERANCE.toMillis()));
    }

    private List<Long> said(FaultControl control) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        AgentJar.in(folder.resolve("jars")).option(control),
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        Afflicted.class.getName(),
                        Files.createDirectory(folder.resolve("store")).toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        return printed.lines().map(Long::valueOf).toList();
    }
}
