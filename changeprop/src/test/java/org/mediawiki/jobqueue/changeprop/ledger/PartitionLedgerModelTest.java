package org.mediawiki.jobqueue.changeprop.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random lives of a partition, crashes included, against a naive model; the seed is the parameter. */
class PartitionLedgerModelTest {

    private static final int STEPS = 1_000;

    @ParameterizedTest
    @MethodSource("seeds")
    void agreesWithTheNaiveModelAfterEveryStep(long seed) {
        LedgerModel model = new LedgerModel(seed, CommitMetadata.DEFAULT_MAX_CHARS);
        for (int step = 0; step < STEPS; step++) {
            model.step();
            model.check();
        }
        assertThat(model.steps())
                .as("every kind of step was taken")
                .allSatisfy((kind, times) -> assertThat(times).as(kind).isPositive());
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void forgetsButNeverInventsWhereTheMetadataDoesNotFit(long seed) {
        LedgerModel model = new LedgerModel(seed, 12);
        for (int step = 0; step < STEPS; step++) {
            model.step();
            model.checkWithoutMetadata();
        }
    }

    static LongStream seeds() {
        return LongStream.range(0, 200);
    }
}
