package org.mediawiki.jobqueue.changeprop.assign;

import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/**
 * Partitions of a unit that go to one member together: all of them, unless the members' configurations differ so that
 * none subscribes to them all.
 *
 * @param unit what they belong to
 * @param partitions at least one
 * @param rest how many other portions of the unit were taken out before: 0 for all of it
 */
record Portion(Unit unit, Set<TopicPartition> partitions, int rest) {

    Portion {
        partitions = Set.copyOf(partitions);
    }

    /** Tells it from all other portions of the round. */
    String name() {
        return rest == 0 ? unit.name() : unit.name() + "#" + rest;
    }

    long weight() {
        return unit.weight();
    }
}
