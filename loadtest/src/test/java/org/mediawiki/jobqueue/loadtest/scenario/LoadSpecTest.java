package org.mediawiki.jobqueue.loadtest.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.mediawiki.jobqueue.changeprop.config.DataSize;

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

    @Test
    void parametersAreOfOneSizeOrOfARange() {
        assertThat(load("{types: [a], backlog: 1, params: 2KiB}").params())
                .isEqualTo(new SizeRange(new DataSize(2_048), new DataSize(2_048)));
        assertThat(load("{types: [a], backlog: 1, params: 400B-4KiB}").params())
                .isEqualTo(new SizeRange(new DataSize(400), new DataSize(4_096)));
    }

    @Test
    void nothingIsRelatedUnlessThatIsAskedFor() {
        LoadSpec plain = load("{types: [a], backlog: 1}");

        assertThat(plain.roots()).isZero();
        assertThat(plain.sha1()).isZero();
        assertThat(plain.duplicatesAfter()).isZero();

        LoadSpec related =
                load("{types: [a], rate: 1/s, for: 1s, roots: 0.5, sha1: 1, duplicates: 0.1, duplicates_after: 5s}");

        assertThat(related.roots()).isEqualTo(0.5);
        assertThat(related.sha1()).isEqualTo(1);
        assertThat(related.duplicatesAfter()).isEqualTo(Duration.ofSeconds(5));
    }

    private static LoadSpec load(String yaml) {
        return Scenarios.parse("test", "{about: test, load: [" + yaml + "]}")
                .load()
                .get(0);
    }
}
