package org.mediawiki.jobqueue.changeprop.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random lives of a partition, crashes included, against a naive model; the seed is the parameter. */
class PartitionLedgerModelTest {

    private static final int STEPS = 1_000;

    @ParameterizedTest
    @MethodSource("seeds")
    void agreesWithTheNaiveModelAfterEveryStep(long seed) {
        LedgerModel model = new LedgerModel(seed, CommitMetadata.DEFAULT_MAX_CHARS, new Totals());
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
        LedgerModel model = new LedgerModel(seed, 12, new Totals());
        for (int step = 0; step < STEPS; step++) {
            model.step();
            model.checkWithoutMetadata();
        }
    }

    /** One after the other they crash, and are given up: what was open of them counts no more. */
    @ParameterizedTest
    @MethodSource("seeds")
    void whatTheyAmountToIsTheirSum(long seed) {
        Totals totals = new Totals();
        List<LedgerModel> models = LongStream.range(0, 3)
                .mapToObj(number -> new LedgerModel(3 * seed + number, CommitMetadata.DEFAULT_MAX_CHARS, totals))
                .toList();
        for (int step = 0; step < STEPS; step++) {
            models.get(step % models.size()).step();
            checkSum(totals, models.stream().map(LedgerModel::ledger).toList());
        }
        models.forEach(model -> model.ledger().leave());
        checkSum(totals, List.of());
    }

    private static void checkSum(Totals totals, List<PartitionLedger> ledgers) {
        assertThat(totals.openSlots())
                .isEqualTo(ledgers.stream().mapToInt(PartitionLedger::openSlots).sum());
        assertThat(totals.openBytes())
                .isEqualTo(
                        ledgers.stream().mapToLong(PartitionLedger::openBytes).sum());
        assertThat(totals.active()).isEqualTo((int)
                ledgers.stream().filter(ledger -> ledger.openSlots() > 0).count());
        assertThat(totals.changed())
                .containsExactlyInAnyOrderElementsOf(
                        ledgers.stream().filter(PartitionLedger::hasChanged).toList());
        assertThat(totals.anyChanged(ledger -> true))
                .isEqualTo(!totals.changed().isEmpty());
    }

    static LongStream seeds() {
        return LongStream.range(0, 200);
    }
}
