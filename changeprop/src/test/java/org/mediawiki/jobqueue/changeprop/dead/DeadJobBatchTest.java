package org.mediawiki.jobqueue.changeprop.dead;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class DeadJobBatchTest {

    private static final int LARGE_BYTES = 3 * 1024 * 1024;

    /** Of which {@link DeadJobBatch#MOST} are more than {@link DeadJobBatch#BYTES}. */
    private static final int BYTES = 20 * 1024;

    @Test
    void ofWhatIsSentAgainItHoldsFewBytes() {
        DeadJobBatch batch = new DeadJobBatch(new Order(Order.Kind.REPLAY, false, "ada", ""));

        long taken = fill(batch, LARGE_BYTES);

        assertThat(taken).isEqualTo(3);
        assertThat(batch.records().get(0).raw().length()).isGreaterThan(LARGE_BYTES);
    }

    @Test
    void whatIsDroppedIsHeldWithoutItsBytes() {
        assertThatMostAreHeldWithoutTheirBytes(new Order(Order.Kind.DROP, false, "ada", ""));
    }

    @Test
    void whatIsOnlyCountedIsHeldWithoutItsBytes() {
        assertThatMostAreHeldWithoutTheirBytes(new Order(Order.Kind.REPLAY, true, "ada", ""));
    }

    private static void assertThatMostAreHeldWithoutTheirBytes(Order order) {
        DeadJobBatch batch = new DeadJobBatch(order);

        assertThat(fill(batch, BYTES)).isEqualTo(DeadJobBatch.MOST);
        assertThat(batch.records()).allSatisfy(record -> {
            assertThat(record.raw().length()).isZero();
            assertThat(record.event()).isPresent();
        });
    }

    /** Of how many it had enough. */
    private static long fill(DeadJobBatch batch, int bytes) {
        var record = ErrorRecords.of("error", 0, bytes);
        long taken = 0;
        for (; !batch.isFull(); taken++) {
            batch.add(record);
        }
        return taken;
    }
}
