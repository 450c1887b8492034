package org.mediawiki.jobqueue.changeprop.consume;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.mediawiki.jobqueue.changeprop.topic.Topics;
import org.mediawiki.jobqueue.runner.FakeTime;

/** What {@link PollLoopTest} cannot bring about: the consumer that it scripts loses no partitions. */
class RebalanceTest {

    private static final TopicPartition A = new TopicPartition("eqiad.mediawiki.job.a", 0);

    private final FakeTime time = new FakeTime();
    private final RecordingHandler handler = new RecordingHandler();
    private final ScriptedConsumer consumer = new ScriptedConsumer();
    private final Assignment assignment = new Assignment(new Topics("eqiad", "cpjobqueue"), new Tally());
    private final Rebalance rebalance = new Rebalance(
            new Takeover(consumer, (own, taken, commit) -> Set.of(), assignment, time),
            assignment,
            new Committer(consumer, assignment, time),
            handler,
            new Drain(assignment, handler, time, Duration.ofSeconds(30)));

    @Test
    void whatRunsOfLostPartitionsIsNotWaitedForButNamed() {
        rebalance.onPartitionsLost(List.of(A));

        assertThat(handler.released()).containsExactly(List.of(A));
        assertThat(handler.leftRunning()).containsExactly(Set.of(A));
        assertThat(consumer.commits()).isEmpty();
    }
}
