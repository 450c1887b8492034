package org.mediawiki.jobqueue.changeprop.schedule;

import java.util.Optional;

/**
 * Where a list goes on. Lists are in the order of {@link WaitingId#BY_DUE}. So what comes after one that waits begins, in
 * every range, at a key that can be told without looking.
 */
final class Position {

    private Position() {}

    /** Not above what comes next of {@code type} in a partition, and above everything that came before. */
    static StoreKey start(TypeIndex index, String type, int partition, Optional<WaitingId> after) {
        StoreKey floor = index.floor(type).orElse(StoreKey.first(type));
        return after.map(last -> following(type, partition, last))
                .filter(key -> StoreKey.BY_DUE.compare(key, floor) > 0)
                .orElse(floor);
    }

    private static StoreKey following(String type, int partition, WaitingId last) {
        int order = type.compareTo(last.type());
        if (order < 0) {
            return new StoreKey(type, last.dueMillis() + 1, 0);
        }
        if (order > 0) {
            return new StoreKey(type, last.dueMillis(), 0);
        }
        return new StoreKey(type, last.dueMillis(), partition > last.partition() ? last.seq() : last.seq() + 1);
    }
}
