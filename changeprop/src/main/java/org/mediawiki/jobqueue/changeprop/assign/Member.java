package org.mediawiki.jobqueue.changeprop.assign;

import java.util.Collection;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/**
 * A member of the group, as it says itself when it joins.
 *
 * @param id what Kafka calls it; changes with every start
 * @param name what it is called by people, the same after a restart where it has a name; {@code id} otherwise
 * @param topics what it subscribes to
 * @param claims what it owned before, and holds on to until it is told otherwise
 * @param generation when it was given those: of two that claim the same, the higher one is right; -1 where it does not
 *     know
 */
record Member(String id, String name, Set<String> topics, Set<TopicPartition> claims, int generation) {

    Member {
        topics = Set.copyOf(topics);
        claims = Set.copyOf(claims);
    }

    boolean subscribesTo(TopicPartition partition) {
        return topics.contains(partition.topic());
    }

    /** How many of {@code partitions} it could take. */
    int coverage(Collection<TopicPartition> partitions) {
        return (int) partitions.stream().filter(this::subscribesTo).count();
    }
}
