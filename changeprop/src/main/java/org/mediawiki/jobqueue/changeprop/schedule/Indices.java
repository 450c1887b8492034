package org.mediawiki.jobqueue.changeprop.schedule;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The indices of the stores that are open in this process, by partition. Any thread. */
final class Indices {

    private final Map<Integer, TypeIndex> byPartition = new ConcurrentHashMap<>();

    void opened(int partition, TypeIndex index) {
        byPartition.put(partition, index);
    }

    /** Leaves the index of whoever opened the partition anew meanwhile. */
    void closed(int partition, TypeIndex index) {
        byPartition.remove(partition, index);
    }

    Map<Integer, TypeIndex> byPartition() {
        return Map.copyOf(byPartition);
    }

    Map<String, Long> countByType() {
        Map<String, Long> counts = new HashMap<>();
        byPartition.values().forEach(index -> index.counts().forEach((type, n) -> counts.merge(type, n, Long::sum)));
        return counts;
    }

    Optional<Long> nextDue() {
        return byPartition.values().stream()
                .map(TypeIndex::nextDue)
                .flatMap(Optional::stream)
                .min(Comparator.naturalOrder());
    }
}
