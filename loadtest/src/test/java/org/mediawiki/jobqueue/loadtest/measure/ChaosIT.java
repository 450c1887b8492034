package org.mediawiki.jobqueue.loadtest.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mediawiki.jobqueue.loadtest.report.Result;
import org.mediawiki.jobqueue.loadtest.scenario.Chaos;

/**
 * Every guarantee at once, against misfortunes drawn from a seed. {@code -Pchaos} runs longer, and
 * {@code -Djobqueue.chaos.seed=N} another seed; {@code bin/loadtest chaos} does the same without Maven.
 */
final class ChaosIT {

    /** Of each build. */
    private static final long USUAL_SEED = 18;

    private static final int USUAL_SECONDS = 50;
    private static final long SEED = Long.getLong("jobqueue.chaos.seed", USUAL_SEED);
    private static final Duration LENGTH = Duration.ofSeconds(Long.getLong("jobqueue.chaos.seconds", USUAL_SECONDS));
    private static final List<String> JVM_OPTIONS = List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

    @TempDir
    private Path folder;

    /** Where they are drawn otherwise, another seed must be chosen. */
    @Test
    void eachBuildKillsAnInstanceAndSpoilsClocksAndDisks() {
        assertThat(Chaos.of(USUAL_SEED, Duration.ofSeconds(USUAL_SECONDS)).events())
                .extracting(event -> event.what().getClass().getSimpleName())
                .contains("Kill", "Clock", "FullDisk", "SlowDisk");
    }

    @Test
    void everyPromiseHoldsWhateverBreaks() throws Exception {
        Trial.Setup setup = new Trial.Setup(
                "chaos-" + SEED, Chaos.of(SEED, LENGTH), Contenders.named("jobqueue"), 1, folder, JVM_OPTIONS);

        Result result = new Trial(setup, (elapsed, produced, ended, inFlight) -> {}).run();

        System.out.println(result.counts() + "\n" + result.steady() + "\n" + result.types());
        assertThat(result.checks())
                .as("seed %s, %s", SEED, LENGTH)
                .filteredOn(check -> !check.held())
                .isEmpty();
        assertThat(result.counts().jobs()).isGreaterThan(LENGTH.toSeconds() * 90);
    }
}
