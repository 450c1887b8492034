package org.mediawiki.jobqueue.changeprop.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DistanceBitsTest {

    @ParameterizedTest
    @MethodSource("seeds")
    void comeBackAsTheyWere(long seed) {
        Random random = new Random(seed);
        long[] distances = random.longs(random.nextInt(300), 1, 2 + (1L << random.nextInt(62)))
                .map(distance -> 1 + (distance >>> random.nextInt(62)))
                .toArray();
        if (distances.length > 0 && random.nextBoolean()) {
            distances[0] = 0;
        }
        assertThat(DistanceBits.decode(DistanceBits.encode(distances))).isEqualTo(distances);
    }

    @Test
    void theLargestComeBack() {
        long[] distances = {(1L << 62) - 1, (1L << 62) - 1, 1, 1};
        assertThat(DistanceBits.decode(DistanceBits.encode(distances))).isEqualTo(distances);
    }

    /** Two of eight bits for what there is always, and one for each. */
    @Test
    void whatGoesByTurnsTakesABitEach() {
        long[] distances = new long[8_000];
        Arrays.fill(distances, 1);
        assertThat(DistanceBits.encode(distances)).hasSize(2 + 8_000 / 8);
    }

    /** As a coin falls: nothing is shorter than a bitmap then. */
    @ParameterizedTest
    @MethodSource("seeds")
    void whatHasNoOrderTakesLittleMoreThanABitmap(long seed) {
        Random random = new Random(seed);
        long[] distances = new long[2_000];
        for (int i = 0; i < distances.length; i++) {
            distances[i] = 1;
            while (random.nextBoolean()) {
                distances[i]++;
            }
        }
        assertThat(DistanceBits.encode(distances).length * 8L)
                .isLessThan(LongStream.of(distances).sum() * 5 / 4);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void damagedBytesAreReadOrRefused(long seed) {
        Random random = new Random(seed);
        byte[] bytes = new byte[random.nextInt(40)];
        for (int i = 0; i < 1_000; i++) {
            random.nextBytes(bytes);
            try {
                assertThat(DistanceBits.decode(bytes)).hasSizeLessThanOrEqualTo(8 * bytes.length);
            } catch (IllegalArgumentException refused) {
                assertThat(refused).hasMessageMatching("cut short|a number is too long");
            }
        }
    }

    @Test
    void whatIsNothingIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> DistanceBits.decode(new byte[0]));
        assertThatIllegalArgumentException().isThrownBy(() -> DistanceBits.decode(new byte[100]));
    }

    static LongStream seeds() {
        return LongStream.range(0, 100);
    }
}
