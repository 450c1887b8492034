package org.mediawiki.jobqueue.changeprop.consume;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.mediawiki.jobqueue.changeprop.consume.FlowControl.Load;
import org.mediawiki.jobqueue.runner.FakeTime;

class DepthsTest {

    private static final TopicPartition FAST = new TopicPartition("eqiad.mediawiki.job.fast", 0);
    private static final TopicPartition OTHER = new TopicPartition("eqiad.mediawiki.job.other", 0);
    private static final Load NOTHING = new Load(0, 0);
    private static final Duration SOON = Duration.ofMillis(100);
    private static final Duration LATE = Duration.ofSeconds(5);

    private final FakeTime time = new FakeTime();
    private final Set<TopicPartition> owned = new HashSet<>(Set.of(FAST, OTHER));
    private final Depths depths = new Depths(new FlowControl(100, 1 << 30), owned::contains, time);

    @Test
    void whatLastsForLessThanAFetchIsMadeToLastForLonger() {
        fillAndEmpty(FAST, 100, SOON);

        assertThat(mayPoll(FAST, 199, false)).isTrue();
        assertThat(mayPoll(FAST, 200, false)).isFalse();
        assertThat(mayPoll(FAST, 100, true)).as("half of the new bound").isFalse();
    }

    @Test
    void itIsDoubledUntilItLastsForLongEnough() {
        fillAndEmpty(FAST, 100, SOON);
        fillAndEmpty(FAST, 200, SOON);
        fillAndEmpty(FAST, 400, Depths.LONGEST_FETCH);

        assertThat(mayPoll(FAST, 399, false)).isTrue();
        assertThat(mayPoll(FAST, 400, false)).isFalse();
    }

    @Test
    void ofTheOthersNoMoreIsOpenThanBefore() {
        fillAndEmpty(FAST, 100, SOON);

        assertThat(mayPoll(OTHER, 100, false)).isFalse();
    }

    @Test
    void itIsBoundedHoweverFastJobsEnd() {
        for (int most = 100; most < 3_200; most *= 2) {
            fillAndEmpty(FAST, most, SOON);
        }
        fillAndEmpty(FAST, 3_200, SOON);
        fillAndEmpty(FAST, 3_200, SOON);

        assertThat(mayPoll(FAST, 3_199, false)).isTrue();
        assertThat(mayPoll(FAST, 3_200, false)).isFalse();
    }

    @Test
    void whatLastsForMuchLongerIsHalvedDownToTheBound() {
        fillAndEmpty(FAST, 100, SOON);
        fillAndEmpty(FAST, 200, LATE);
        fillAndEmpty(FAST, 100, LATE);

        assertThat(mayPoll(FAST, 99, false)).isTrue();
        assertThat(mayPoll(FAST, 100, false)).isFalse();
    }

    @Test
    void whatWasSomebodyElsesMeanwhileBeginsAnew() {
        fillAndEmpty(FAST, 100, SOON);
        owned.remove(FAST);
        assertThat(mayPoll(OTHER, 100, false)).isFalse();
        owned.add(FAST);

        assertThat(mayPoll(FAST, 100, false)).isFalse();
    }

    /** It is paused at {@code most}, and resumes at its half after a time. */
    private void fillAndEmpty(TopicPartition partition, int most, Duration lasts) {
        assertThat(mayPoll(partition, most, false)).isFalse();
        time.advance(lasts);
        assertThat(mayPoll(partition, most / 2 - 1, true)).isTrue();
    }

    private boolean mayPoll(TopicPartition partition, int slots, boolean paused) {
        return depths.mayPoll(partition, new Load(slots, 0), NOTHING, 1, paused);
    }
}
