package org.mediawiki.jobqueue.loadtest.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mediawiki.jobqueue.loadtest.report.Result;
import org.mediawiki.jobqueue.loadtest.scenario.Chaos;

/**
 * SPEC guarantees 1, 2, 3, 7, 8 and 9, and of 5 that nothing is early, all at once, against misfortunes drawn from a seed. {@code -Pchaos} runs longer, and
 * {@code -Djobqueue.chaos.seed=N} another seed; {@code bin/loadtest chaos} does the same without Maven.
 */
final class ChaosIT {

    /** Of each build. */
    private static final long USUAL_SEED = 7_777_922;

    private static final int USUAL_SECONDS = 50;
    private static final long SEED = Long.getLong("jobqueue.chaos.seed", USUAL_SEED);
    private static final Duration LENGTH = Duration.ofSeconds(Long.getLong("jobqueue.chaos.seconds", USUAL_SECONDS));

    @TempDir
    private Path folder;

    /** Where they are drawn otherwise, another seed must be chosen. */
    @Test
    void eachBuildKillsAnInstanceAndABrokerAndFillsADisk() {
        assertThat(Chaos.of(USUAL_SEED, Duration.ofSeconds(USUAL_SECONDS)).events())
                .extracting(event -> event.what().getClass().getSimpleName())
                .contains("Kill", "KillBroker", "FreezeBroker", "FullDisk", "BadFile", "Refuse");
    }

    @Test
    void everyPromiseHoldsWhateverBreaks() throws Exception {
        Result result = Trials.of("chaos-" + SEED, Chaos.of(SEED, LENGTH), folder);

        System.out.println(result.counts() + "\n" + result.steady() + "\n" + result.types());
        assertThat(result.checks())
                .as("seed %s, %s", SEED, LENGTH)
                .filteredOn(check -> !check.held())
                .isEmpty();
        assertThat(result.counts().jobs()).isGreaterThan(LENGTH.toSeconds() * 90);
    }
}
