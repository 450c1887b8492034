package org.mediawiki.jobqueue.changeprop.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class SlotTest {

    private final ConcurrentLinkedQueue<Slot> closed = new ConcurrentLinkedQueue<>();
    private final PartitionLedger ledger = new PartitionLedger(0, FinishedAbove.NOTHING, closed::add, new Totals());

    @Test
    void onlyTheFirstCloseCounts() {
        Slot slot = ledger.open(0, 1);

        assertThat(slot.close(Ending.DONE)).isTrue();
        assertThat(slot.close(Ending.DEAD)).isFalse();

        assertThat(slot.ending()).isEqualTo(Ending.DONE);
        assertThat(closed).containsExactly(slot);
    }

    @Test
    void hasNoEndingWhileItIsOpen() {
        Slot slot = ledger.open(0, 1);
        assertThatIllegalStateException().isThrownBy(slot::ending);
    }

    @Test
    void isClosedOnceHoweverManyThreadsTry() throws Exception {
        int threads = 4;
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            for (int round = 0; round < 500; round++) {
                Slot slot = ledger.open(round, 1);
                assertThat(closedAtOnceBy(pool, threads, slot)).containsOnlyOnce(true);
            }
        } finally {
            pool.shutdownNow();
        }
        assertThat(closed).hasSize(500).doesNotHaveDuplicates();
    }

    private static List<Boolean> closedAtOnceBy(ExecutorService pool, int threads, Slot slot) throws Exception {
        CountDownLatch ready = new CountDownLatch(threads);
        List<Future<Boolean>> attempts = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            attempts.add(pool.submit(() -> {
                ready.countDown();
                ready.await();
                return slot.close(Ending.DONE);
            }));
        }
        List<Boolean> firsts = new ArrayList<>();
        for (Future<Boolean> attempt : attempts) {
            firsts.add(attempt.get());
        }
        return firsts;
    }
}
