package org.mediawiki.jobqueue.loadtest.standin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The arithmetic of overlap, beside a model that looks at every nanosecond. */
final class SpansModelTest {

    private static final int MOMENTS = 40;

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void agreesWithAModelThatLooksAtEveryNanosecond(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            int count = random.nextInt(12);
            long[] starts = random.longs(count, 0, MOMENTS).toArray();
            long[] ends = new long[count];
            for (int i = 0; i < count; i++) {
                ends[i] = random.nextInt(5) == 0 ? Long.MAX_VALUE : starts[i] + random.nextInt(10);
            }
            int from = random.nextInt(MOMENTS);
            int to = from + 1 + random.nextInt(MOMENTS);

            Spans spans = new Spans(starts, ends);

            assertThat(spans.most()).isEqualTo(mostByLooking(starts, ends));
            assertThat(spans.mostAtStarts(from, to)).isEqualTo(mostAtStartsByLooking(starts, ends, from, to));
            assertThat(spans.busyNanos(from, to)).isEqualTo(busyByLooking(starts, ends, from, to));
        }
    }

    @Test
    void nothingOverlapsWhereThereIsNothing() {
        Spans none = new Spans(new long[0], new long[0]);

        assertThat(none.most()).isZero();
        assertThat(none.busyNanos(0, 10)).isZero();
    }

    @Test
    void aSpanThatBeginsWhenAnotherEndsDoesNotOverlapIt() {
        assertThat(new Spans(new long[] {0, 5}, new long[] {5, 9}).most()).isEqualTo(1);
    }

    @Test
    void spansWithoutLengthStillCount() {
        assertThat(new Spans(new long[] {3, 3}, new long[] {3, 3}).most()).isEqualTo(2);
    }

    private static int mostByLooking(long[] starts, long[] ends) {
        int most = 0;
        for (int moment = 0; moment < MOMENTS; moment++) {
            most = Math.max(most, underWay(starts, ends, moment));
        }
        return most;
    }

    private static int mostAtStartsByLooking(long[] starts, long[] ends, int from, int to) {
        return (int) Arrays.stream(starts)
                .filter(start -> start >= from && start < to)
                .map(start -> underWay(starts, ends, (int) start))
                .max()
                .orElse(0);
    }

    private static long busyByLooking(long[] starts, long[] ends, int from, int to) {
        long busy = 0;
        for (int moment = from; moment < to; moment++) {
            busy += underWay(starts, ends, moment);
        }
        return busy;
    }

    private static int underWay(long[] starts, long[] ends, int moment) {
        int count = 0;
        for (int i = 0; i < starts.length; i++) {
            boolean takesNoTime = starts[i] == ends[i];
            if (takesNoTime ? moment == starts[i] : starts[i] <= moment && moment < ends[i]) {
                count++;
            }
        }
        return count;
    }
}
