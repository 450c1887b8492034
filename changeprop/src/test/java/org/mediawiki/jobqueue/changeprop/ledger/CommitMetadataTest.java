package org.mediawiki.jobqueue.changeprop.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommitMetadataTest {

    private static final int ROOM = CommitMetadata.DEFAULT_MAX_CHARS;

    @Test
    void sayingNothingTakesNoRoom() {
        assertThat(CommitMetadata.encode(7, FinishedAbove.NOTHING, ROOM)).isEmpty();
        assertThat(CommitMetadata.decode(7, "")).isEqualTo(FinishedAbove.NOTHING);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void comesBackAsItWas(long seed) {
        Random random = new Random(seed);
        long committed = random.nextBoolean() ? random.nextInt(1_000) : Long.MAX_VALUE / 2;
        FinishedAbove finished = runs(random, committed, random.nextInt(300), 1L << random.nextInt(30));

        String metadata = CommitMetadata.encode(committed, finished, 1 << 20);

        assertThat(CommitMetadata.decode(committed, metadata)).isEqualTo(finished);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void keepsTheLimitAndForgetsTheShortestRunsFirst(long seed) {
        Random random = new Random(seed);
        FinishedAbove finished = runs(random, 0, 3_000, 100);
        int limit = random.nextInt(5_000);

        String metadata = CommitMetadata.encode(0, finished, limit);
        FinishedAbove kept = CommitMetadata.decode(0, metadata);

        assertThat(metadata).hasSizeLessThanOrEqualTo(limit);
        long shortestKept = shortest(kept);
        assertThat(kept).as("all runs that are as long").isEqualTo(finished.runsOfAtLeast(shortestKept));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void twoTogetherSayWhatEitherSays(long seed) {
        Random random = new Random(seed);
        FinishedAbove one = runs(random, 7, random.nextInt(20), 9);
        FinishedAbove other = runs(random, 7, random.nextInt(20), 9);

        FinishedAbove both = one.and(other);

        check(both);
        assertThat(LongStream.range(0, 400).filter(both::contains))
                .containsExactlyElementsOf(LongStream.range(0, 400)
                        .filter(offset -> one.contains(offset) || other.contains(offset))
                        .boxed()
                        .toList());
    }

    /** A group that is asked again and again has nothing to add, and nothing is taken from what it has said before. */
    @ParameterizedTest
    @MethodSource("seeds")
    void whatIsPartOfTheOtherAddsNothing(long seed) {
        FinishedAbove newer = runs(new Random(seed), 7, 1_000, 100);
        String all = CommitMetadata.encode(7, newer, ROOM);
        String part = CommitMetadata.encode(7, newer.runsOfAtLeast(90), ROOM);

        assertThat(CommitMetadata.together(7, all, part)).isEqualTo(all);
        assertThat(CommitMetadata.together(7, part, all)).isEqualTo(all);
    }

    /** As a lane leaves it that runs hundreds of jobs at once and is stopped: what is forgotten would run again. */
    @Test
    void thousandsOfJobsThatAreFinishedAndOpenByTurnsFit() {
        assertFits(everySecond(1, 2_000));
        assertFits(everySecond(1, 12_000));
    }

    @Test
    void soTheyDoBesideALongRunAboveASlowJob() {
        FinishedAbove dense = everySecond(1_000_001, 2_000);
        long[] bounds = new long[2 + dense.bounds().length];
        bounds[0] = 1;
        bounds[1] = 1_000_000;
        System.arraycopy(dense.bounds(), 0, bounds, 2, dense.bounds().length);
        assertFits(FinishedAbove.ofBounds(bounds));
    }

    /** Four times 384, and what a poll brings: those that wait or run stand among others that are finished. */
    @ParameterizedTest
    @MethodSource("seeds")
    void asManyAsALaneOf384HasOpenFitAmongFiftyTimesAsManyFinishedOnes(long seed) {
        Random random = new Random(seed);
        long[] bounds = new long[2 * 2_035];
        long last = 0;
        for (int i = 0; i < bounds.length; i += 2) {
            bounds[i] = last + 1;
            last = bounds[i] + 1 + random.nextInt(100);
            bounds[i + 1] = last;
        }
        assertFits(FinishedAbove.ofBounds(bounds));
    }

    /** Instances of both versions take partitions over from each other while a fleet is replaced. */
    @Test
    void whoKnowsTheFirstVersionAloneCanReadWhateverFitsInIt() {
        assertThat(CommitMetadata.encode(0, FinishedAbove.ofBounds(new long[] {1, 5}), ROOM))
                .isEqualTo("f1:AQQ");
        assertThat(CommitMetadata.encode(0, everySecond(1, 1_500), ROOM)).startsWith("f1:");
    }

    /** What was written by one build is read by the next. */
    @Test
    void bothVersionsStayReadable() {
        assertThat(CommitMetadata.decode(7, "f1:AQQ")).hasToString("finished [8, 12)");
        assertThat(CommitMetadata.decode(7, "f2:AHo")).hasToString("finished [8, 9) [10, 11)");
    }

    @Test
    void usesMostOfItsRoom() {
        FinishedAbove finished = runs(new Random(1), 0, 3_000, 100);
        assertThat(CommitMetadata.encode(0, finished, ROOM)).hasSizeGreaterThan(ROOM / 4);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "f1",
                "f1:",
                "f1:!!!",
                "f1:A",
                "f1:AQ",
                "f1:////",
                "f1://////////////8B",
                "f1:AAAA",
                "f2",
                "f2:",
                "f2:!!!",
                "f2:A",
                "f2:AA",
                "f2:AQE",
                "f2:AAI",
                "f2:AAAAAAAAAAAAAAAA",
                "f3:AQE",
                "node-1",
                "{\"a\":1}",
                "\u0000",
                "F1:AQE"
            })
    void whatIsForeignOrDamagedSaysThatNothingIsFinished(String metadata) {
        assertThat(CommitMetadata.decode(5, metadata)).isEqualTo(FinishedAbove.NOTHING);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void noBytesMakeItThrow(long seed) {
        Random random = new Random(seed);
        byte[] bytes = new byte[random.nextInt(40)];
        for (int i = 0; i < 1_000; i++) {
            random.nextBytes(bytes);
            check(CommitMetadata.decode(
                    random.nextLong() >>> 1,
                    "f1:" + Base64.getEncoder().withoutPadding().encodeToString(bytes)));
            check(CommitMetadata.decode(
                    random.nextLong() >>> 1,
                    "f2:" + Base64.getEncoder().withoutPadding().encodeToString(bytes)));
            check(CommitMetadata.decode(9, new String(bytes, StandardCharsets.ISO_8859_1)));
            check(CommitMetadata.decode(9, "f1:" + new String(bytes, StandardCharsets.ISO_8859_1)));
        }
    }

    private static void assertFits(FinishedAbove finished) {
        String metadata = CommitMetadata.encode(0, finished, ROOM);
        assertThat(metadata).hasSizeLessThanOrEqualTo(ROOM);
        assertThat(CommitMetadata.decode(0, metadata)).isEqualTo(finished);
    }

    private static FinishedAbove everySecond(long from, int count) {
        return FinishedAbove.ofBounds(LongStream.range(from, from + 2L * count).toArray());
    }

    /** Whatever was read: its bounds rise, so that nothing that walks them can go astray. */
    private static void check(FinishedAbove read) {
        long[] bounds = read.bounds();
        assertThat(bounds.length % 2).isZero();
        for (int i = 1; i < bounds.length; i++) {
            assertThat(bounds[i]).isGreaterThan(bounds[i - 1]);
        }
    }

    private static FinishedAbove runs(Random random, long committed, int count, long longest) {
        long[] bounds = new long[2 * count];
        long last = committed;
        for (int i = 0; i < bounds.length; i++) {
            last += 1 + (long) (random.nextDouble() * longest);
            bounds[i] = last;
        }
        return FinishedAbove.ofBounds(bounds);
    }

    private static long shortest(FinishedAbove finished) {
        long[] bounds = finished.bounds();
        long shortest = Long.MAX_VALUE;
        for (int i = 0; i < bounds.length; i += 2) {
            shortest = Math.min(shortest, bounds[i + 1] - bounds[i]);
        }
        return shortest;
    }

    static LongStream seeds() {
        return LongStream.range(0, 100);
    }
}
