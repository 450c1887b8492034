package org.mediawiki.jobqueue.changeprop.consume;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.mediawiki.jobqueue.changeprop.fleet.FakeBoard;
import org.mediawiki.jobqueue.changeprop.fleet.FleetNotes;
import org.mediawiki.jobqueue.changeprop.fleet.Notes;
import org.mediawiki.jobqueue.changeprop.topic.Topics;
import org.mediawiki.jobqueue.runner.FakeTime;

/** What {@link PollLoopTest} cannot bring about: the consumer that it scripts loses no partitions. */
class RebalanceTest {

    private static final TopicPartition A = new TopicPartition("eqiad.mediawiki.job.a", 0);

    private final FakeTime time = new FakeTime();
    private final RecordingHandler handler = new RecordingHandler();
    private final ScriptedConsumer consumer = new ScriptedConsumer();
    private final FakeBoard board = new FakeBoard();
    private final Notes notes = new FleetNotes(board.join("here", "1"), board);
    private final HandedOver handedOver = new HandedOver(notes);
    private final Assignment assignment =
            new Assignment(new Topics("eqiad", "cpjobqueue"), new Tally(), handedOver, time);
    private final Lease lease = new Lease(time, Duration.ofSeconds(6));
    private final Committer committer =
            new Committer(() -> consumer, assignment, lease, new Forbidden(assignment, time), time);
    private final Awaited awaited = new Awaited(notes, handedOver, assignment, handler, time);
    private final Rebalance rebalance = new Rebalance(
            new Takeover(() -> consumer, (own, taken, commit) -> Set.of(), assignment, awaited, time),
            assignment,
            handler,
            new HandOver(assignment, handedOver, awaited, committer, handler, lease, time));

    @Test
    void whatRunsOfLostPartitionsIsNotWaitedForButNamed() {
        rebalance.onPartitionsLost(List.of(A));

        assertThat(handler.released()).containsExactly(List.of(A));
        assertThat(handler.leftRunning()).containsExactly(Set.of(A));
        assertThat(consumer.commits()).isEmpty();
    }
}
