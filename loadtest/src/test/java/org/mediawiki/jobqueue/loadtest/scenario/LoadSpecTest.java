package org.mediawiki.jobqueue.loadtest.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class LoadSpecTest {

    @Test
    void aBacklogIsThereAtOnce() {
        LoadSpec load = load("{types: [a], backlog: 7}");

        assertThat(load.producedBy(Duration.ZERO)).isEqualTo(7);
        assertThat(load.end()).isZero();
        assertThat(load.total()).isEqualTo(7);
    }

    @Test
    void aRateBeginsWhenItSaysAndEnds() {
        LoadSpec load = load("{types: [a], rate: 10/s, after: 2s, for: 3s}");

        assertThat(load.producedBy(Duration.ofSeconds(1))).isZero();
        assertThat(load.producedBy(Duration.ofMillis(3_500))).isEqualTo(15);
        assertThat(load.producedBy(Duration.ofHours(1))).isEqualTo(30);
        assertThat(load.end()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void spikesMultiplyTheRateWhileTheyLast() {
        LoadSpec load = load("{types: [a], rate: 10/s, for: 20s, spikes: {every: 10s, for: 1s, factor: 5}}");

        assertThat(load.producedBy(Duration.ofMillis(500))).isEqualTo(25);
        assertThat(load.producedBy(Duration.ofSeconds(1))).isEqualTo(50);
        assertThat(load.producedBy(Duration.ofSeconds(10))).isEqualTo(140);
        assertThat(load.total()).isEqualTo(280);
    }

    private static LoadSpec load(String yaml) {
        return Scenarios.parse("test", "{about: test, load: [" + yaml + "]}")
                .load()
                .get(0);
    }
}
