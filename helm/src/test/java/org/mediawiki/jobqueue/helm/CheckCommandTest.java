package org.mediawiki.jobqueue.helm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mediawiki.jobqueue.changeprop.Main;

/** {@code jobqueue check}, as a process with the environment of a pod, takes what stands in each ConfigMap. */
class CheckCommandTest {

    private static final Map<String, String> OF_A_POD =
            Map.of("POD_NAME", "jobqueue-main-main-5d5f7c9b8-x2x7p", "JOBQUEUE_ADMIN_TOKEN", "not this one");

    @TempDir
    Path folder;

    static Stream<Releases> releases() {
        return Releases.all().stream();
    }

    @ParameterizedTest
    @MethodSource("releases")
    void takesTheConfigurationOfEachRelease(Releases release) throws Exception {
        String report = check(release.render().configuration());

        assertThat(report)
                .contains("jobqueue.yaml is valid.", " in " + release.environment())
                .containsPattern("mw-debug +mw-debug +https://mw-debug\\.discovery\\.wmnet:4444/")
                .contains("refreshLinks", "webVideoTranscode");
    }

    @Test
    void takesTheConfigurationOfASmallWiki() throws Exception {
        assertThat(check(Chart.render("wiki", Samples.EMBEDDED).configuration(), "--standalone"))
                .contains("jobqueue.yaml is valid.");
    }

    private String check(String configuration, String... options) throws IOException, InterruptedException {
        Path file = Files.writeString(folder.resolve("jobqueue.yaml"), configuration);
        Path log = folder.resolve("log");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                Main.class.getName(),
                "check",
                "--skip-files",
                "--config",
                file.toString()));
        command.addAll(List.of(options));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().putAll(OF_A_POD);
        Process process = builder.start();
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(log)).isZero();
        return Files.readString(log);
    }
}
