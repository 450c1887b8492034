package org.mediawiki.jobqueue.loadtest.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With processes of the system that do nothing. */
final class InstanceTest {

    @TempDir
    private Path folder;

    private final List<Instance> instances = new ArrayList<>();

    @AfterEach
    void end() throws Exception {
        for (Instance instance : instances) {
            instance.end();
        }
    }

    /** In an hour of chaos a start did not happen, since the stop before it took longer than the time between them. */
    @Test
    void aStartWaitsForWhatIsStillStopping() throws Exception {
        Instance instance = of("sh", "-c", "trap 'sleep 1; exit 143' TERM; while true; do sleep 0.1; done");
        instance.start();
        instance.stop();

        instance.start();

        assertThat(instance.isRunning()).isTrue();
        assertThat(instance.surprises()).isEmpty();
    }

    @Test
    void whatRunsIsNotStartedTwice() throws Exception {
        Instance instance = of("sleep", "60");
        instance.start();

        assertThatThrownBy(instance::start).hasMessageContaining("runs already");
    }

    @Test
    void whatEndsByItselfIsASurpriseAlsoWhenItWasStartedAgain() throws Exception {
        Instance instance = of("sh", "-c", "exit 3");
        instance.start();
        Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> !instance.isRunning());

        assertThat(instance.surprises()).containsExactly("instance.log: ended by itself with 3");

        instance.start();

        assertThat(instance.surprises()).contains("instance.log: ended by itself with 3");
    }

    @Test
    void whatIsKilledOrStoppedIsNone() throws Exception {
        Instance instance = of("sleep", "60");
        instance.start();
        instance.kill();
        instance.start();
        instance.stop();
        Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> !instance.isRunning());

        assertThat(instance.surprises()).isEmpty();
    }

    @Test
    void whatEndsByItselfKeepsItsCpuTime() throws Exception {
        Instance instance = of("sh", "-c", "trap 'exit 3' USR1; while true; do :; done");
        instance.start();
        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .until(() -> instance.cpu().compareTo(Duration.ofMillis(50)) > 0);

        instance.signal("USR1");
        Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> !instance.isRunning());
        Duration taken = instance.cpu();
        instance.start();

        assertThat(taken).isGreaterThan(Duration.ofMillis(50));
        assertThat(instance.cpu()).isGreaterThanOrEqualTo(taken);
    }

    private Instance of(String... command) {
        Instance instance = new Instance(List.of(command), folder.resolve("instance.log"));
        instances.add(instance);
        return instance;
    }
}
