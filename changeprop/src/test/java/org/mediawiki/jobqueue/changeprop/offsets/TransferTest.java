package org.mediawiki.jobqueue.changeprop.offsets;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.mediawiki.jobqueue.changeprop.offsets.Transfer.Decision;
import org.mediawiki.jobqueue.changeprop.topic.Topics;

/** Which offset goes where, and which groups of the legacy service there are. */
class TransferTest {

    private static final String OURS = "cpjobqueue";
    private static final TopicPartition MAIN = new TopicPartition("eqiad.mediawiki.job.Own", 0);
    private static final TopicPartition RETRY = new TopicPartition("eqiad.cpjobqueue.retry.mediawiki.job.Own", 0);
    private static final TopicPartition PARTED =
            new TopicPartition("eqiad.cpjobqueue.partitioned.mediawiki.job.Own", 3);
    private static final TopicPartition PARTED_RETRY =
            new TopicPartition("eqiad.cpjobqueue.retry.cpjobqueue.partitioned.mediawiki.job.Own", 3);

    private final LegacyGroups legacy = new LegacyGroups(
            new Topics("eqiad", "cpjobqueue"),
            "low_traffic_jobs",
            type -> type.equals("Own") ? type : "low_traffic_jobs");
    private final Map<String, Map<TopicPartition, OffsetAndMetadata>> committed = new HashMap<>();

    @Test
    void aTopicMayHaveBeenReadByItsRuleByItsPartitionerOrByThePool() {
        assertThat(legacy.candidates(MAIN.topic()))
                .isEqualTo(legacy.candidates(RETRY.topic()))
                .containsExactly("cpjobqueue-Own", "cpjobqueue-Own_partitioner", "cpjobqueue-low_traffic_jobs");
        assertThat(legacy.candidates(PARTED.topic()))
                .isEqualTo(legacy.candidates(PARTED_RETRY.topic()))
                .containsExactly("cpjobqueue-Own");
    }

    @Test
    void theGroupThatHasComeFarthestIsWhereTheLegacyServiceStands() {
        at("cpjobqueue-Own", MAIN, 20);
        at("cpjobqueue-Own_partitioner", MAIN, 70);
        at("cpjobqueue-low_traffic_jobs", MAIN, 50);

        Transfer transfer = Transfer.toOurs(List.of(MAIN, RETRY), legacy, OURS, committed);

        assertThat(transfer.entries())
                .containsExactly(new Transfer.Entry(
                        MAIN, "cpjobqueue-Own_partitioner", OURS, 70, Optional.empty(), Decision.WRITE));
        assertThat(transfer.unknown()).containsExactly(RETRY);
        assertThat(transfer.commits()).isEqualTo(Map.of(OURS, Map.of(MAIN, new OffsetAndMetadata(70, ""))));
    }

    @Test
    void oursIsNeverSetBack() {
        at("cpjobqueue-Own", MAIN, 20);
        at(OURS, MAIN, 21);

        Transfer transfer = Transfer.toOurs(List.of(MAIN), legacy, OURS, committed);

        assertThat(transfer.count(Decision.FARTHER)).isOne();
        assertThat(transfer.commits()).isEmpty();
    }

    @Test
    void theLegacyGroupsThatReadItBeforeAndTheOneOfOurRulesGoToWhereOursStandsWithoutItsMetadata() {
        committed.put(OURS, Map.of(MAIN, new OffsetAndMetadata(40, "f1:AgM")));
        at("cpjobqueue-Own_partitioner", MAIN, 70);

        Transfer transfer = Transfer.toLegacy(List.of(MAIN, RETRY), legacy, OURS, committed);

        assertThat(transfer.commits())
                .isEqualTo(Map.of(
                        "cpjobqueue-Own", Map.of(MAIN, new OffsetAndMetadata(40, "")),
                        "cpjobqueue-Own_partitioner", Map.of(MAIN, new OffsetAndMetadata(40, ""))));
        assertThat(transfer.unknown()).containsExactly(RETRY);
    }

    @Test
    void whatIsThereAlreadyIsNotWritten() {
        at(OURS, MAIN, 40);
        at("cpjobqueue-Own", MAIN, 40);

        assertThat(Transfer.toLegacy(List.of(MAIN), legacy, OURS, committed).commits())
                .isEmpty();
        assertThat(Transfer.toOurs(List.of(MAIN), legacy, OURS, committed).count(Decision.SAME))
                .isOne();
    }

    private void at(String group, TopicPartition partition, long offset) {
        committed.computeIfAbsent(group, unknown -> new HashMap<>()).put(partition, new OffsetAndMetadata(offset));
    }
}
