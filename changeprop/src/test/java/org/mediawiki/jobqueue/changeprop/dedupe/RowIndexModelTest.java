package org.mediawiki.jobqueue.changeprop.dedupe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.RepeatedTest;

/** Random rows come and go, of hashes that meet as often as not; whatever is in is found, and nothing else. */
final class RowIndexModelTest {

    private static final int ROWS = 64;
    private static final int STEPS = 5_000;

    private final long seed = new Random().nextLong();
    private final Random random = new Random(seed);

    @RepeatedTest(20)
    void findsWhatIsInIt() {
        int[] hashes = random.ints(ROWS, 0, 1 << (1 + random.nextInt(7))).toArray();
        RowIndex index = new RowIndex(ROWS, row -> hashes[row]);
        Set<Integer> in = new TreeSet<>();
        for (int step = 0; step < STEPS; step++) {
            int row = random.nextInt(ROWS);
            if (in.remove(row)) {
                index.remove(row);
            } else if (random.nextInt(ROWS) > in.size() / 2) {
                index.add(row);
                in.add(row);
            }
            for (int asked = 0; asked < ROWS; asked++) {
                int wanted = asked;
                assertThat(index.find(hashes[asked], found -> found == wanted))
                        .as("row %s after step %s, seed %s", asked, step, seed)
                        .isEqualTo(in.contains(asked) ? asked : RowIndex.NONE);
            }
        }
    }
}
