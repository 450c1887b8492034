package org.mediawiki.jobqueue.changeprop.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.stream.LongStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random lives of a partition against a naive model; the seed is the parameter. */
final class SchedulerModelTest {

    private static final int STEPS = 400;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @MethodSource("seeds")
    void agreesWithTheNaiveModelAfterEveryStep(long seed) {
        try (TopologyFixture fixture = new TopologyFixture(folder)) {
            SchedulerModel model = new SchedulerModel(seed, fixture);
            for (int step = 0; step < STEPS; step++) {
                model.step();
                model.check();
            }
            model.checkThatEverythingIsReleasedInTheEnd();
            assertThat(model.steps())
                    .as("every kind of step was taken")
                    .allSatisfy((kind, times) -> assertThat(times).as(kind).isPositive());
        }
    }

    static LongStream seeds() {
        return LongStream.range(0, 30);
    }
}
