package org.mediawiki.jobqueue.changeprop.dead;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class HandfulTest {

    private static final int LARGE_BYTES = 3 * 1024 * 1024;

    /** Of which {@link Handful#MOST} are more than {@link Handful#BYTES}. */
    private static final int BYTES = 20 * 1024;

    @Test
    void ofWhatIsSentAgainItHoldsFewBytes() {
        Handful handful = new Handful(new Order(Order.Kind.REPLAY, false, "ada", ""));

        long taken = fill(handful, LARGE_BYTES);

        assertThat(taken).isEqualTo(3);
        assertThat(handful.records().get(0).raw().length()).isGreaterThan(LARGE_BYTES);
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
        Handful handful = new Handful(order);

        assertThat(fill(handful, BYTES)).isEqualTo(Handful.MOST);
        assertThat(handful.records()).allSatisfy(record -> {
            assertThat(record.raw().length()).isZero();
            assertThat(record.event()).isPresent();
        });
    }

    /** Of how many it had enough. */
    private static long fill(Handful handful, int bytes) {
        var record = ErrorRecords.of("error", 0, bytes);
        long taken = 0;
        for (; !handful.isFull(); taken++) {
            handful.add(record);
        }
        return taken;
    }
}
