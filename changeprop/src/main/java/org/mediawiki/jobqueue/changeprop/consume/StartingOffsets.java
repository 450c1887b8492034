package org.mediawiki.jobqueue.changeprop.consume;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.mediawiki.jobqueue.changeprop.offsets.GroupOffsets;
import org.mediawiki.jobqueue.changeprop.offsets.LegacyGroups;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a group begins on its very first start (SPEC section 3): where the legacy service stood, else as {@code
 * kafka.first_start} says. That is committed once, before anybody joins; whatever has no commit later is a topic that
 * appeared later, and begins at its first record. What another lane has read so far is not touched: that is {@link
 * OtherLanes}'. Blocks; called on the poll thread.
 *
 * <p>Where it is to begin at the ends, but there is nothing yet to begin with, the group commits a mark instead. Without
 * any commit the next start would pass for the first, and skip what came meanwhile. Kafka keeps the mark, as it is of a
 * topic that nobody in the group reads, for {@code offsets.retention.minutes} (a week).
 */
public final class StartingOffsets {

    private static final Logger LOG = LoggerFactory.getLogger(StartingOffsets.class);

    private final GroupOffsets offsets;
    private final LegacyGroups legacy;
    private final Set<String> otherLanes;
    private final TopicPartition mark;
    private final boolean latest;

    /**
     * @param otherLanes the groups of the service's other lanes
     * @param mark of a topic that is there always, holds no jobs and grows little, lest the group seem to lag there
     * @param latest whether what no legacy group knows begins at its end rather than at its beginning
     */
    public StartingOffsets(
            GroupOffsets offsets, LegacyGroups legacy, Set<String> otherLanes, TopicPartition mark, boolean latest) {
        this.offsets = offsets;
        this.legacy = legacy;
        this.otherLanes = Set.copyOf(otherLanes);
        this.mark = mark;
        this.latest = latest;
    }

    /**
     * Commits where {@code group} begins, unless it has begun before.
     *
     * @throws KafkaException where the brokers cannot be asked
     */
    public void settle(String group, Pattern topicPattern) {
        if (!offsets.committed(group).isEmpty()) {
            return;
        }
        Set<TopicPartition> partitions = offsets.partitions(topicPattern);
        offsets.committed(otherLanes).values().forEach(ofLane -> partitions.removeAll(ofLane.keySet()));
        Map<TopicPartition, OffsetAndMetadata> start = new HashMap<>();
        if (latest) {
            start.putAll(offsets.ends(partitions));
        }
        start.putAll(whereTheLegacyServiceStood(partitions));
        int found = start.size();
        if (latest && found == 0) {
            start.putAll(offsets.ends(Set.of(mark)));
        }
        if (start.isEmpty()) {
            return;
        }
        if (offsets.commit(group, start)) {
            LOG.info("First start of group {}: {} partitions begin where they were told to", group, found);
        } else {
            LOG.info("Group {} has members already, who settled where it begins", group);
        }
    }

    private Map<TopicPartition, OffsetAndMetadata> whereTheLegacyServiceStood(Set<TopicPartition> partitions) {
        Map<String, Map<TopicPartition, OffsetAndMetadata>> committed =
                offsets.committed(legacy.candidates(partitions));
        Map<TopicPartition, OffsetAndMetadata> start = new HashMap<>();
        for (TopicPartition partition : partitions) {
            // The legacy service's metadata means nothing here.
            legacy.farthest(partition, committed)
                    .ifPresent(found -> start.put(partition, new OffsetAndMetadata(found.offset())));
        }
        return start;
    }
}
