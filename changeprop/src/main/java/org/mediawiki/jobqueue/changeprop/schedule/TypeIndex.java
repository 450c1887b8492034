package org.mediawiki.jobqueue.changeprop.schedule;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * What one store holds, type by type: how many, and a key below which there is none of the type. From there scans begin,
 * so that they do not walk over RocksDB's marks of what was released before.
 *
 * <p>Written by the task's thread; read by any.
 */
final class TypeIndex {

    private final Map<String, Depth> types = new ConcurrentHashMap<>();

    /** @param floor not above any key of the type that is in the store */
    private record Depth(long count, StoreKey floor) {}

    void put(StoreKey floor, long count) {
        types.put(floor.type(), new Depth(count, floor));
    }

    void added(StoreKey key) {
        types.merge(key.type(), new Depth(1, key), (was, one) -> new Depth(was.count() + 1, lower(was.floor(), key)));
    }

    /** The floor stays: looking for what is next costs a scan, which whoever releases makes anyhow. */
    void removed(StoreKey key) {
        types.computeIfPresent(key.type(), (type, was) -> new Depth(Math.max(0, was.count() - 1), was.floor()));
    }

    /** A scan found that nothing of the type is below {@code key}. */
    void raise(StoreKey key) {
        types.computeIfPresent(key.type(), (type, was) -> new Depth(was.count(), key));
    }

    /** A scan found nothing of the type. */
    void empty(String type) {
        types.remove(type);
    }

    Optional<StoreKey> floor(String type) {
        return Optional.ofNullable(types.get(type)).map(Depth::floor);
    }

    long count(String type) {
        return Optional.ofNullable(types.get(type)).map(Depth::count).orElse(0L);
    }

    /** The types of which something may be due at {@code millis}. */
    List<String> dueBy(long millis) {
        return types.values().stream()
                .map(Depth::floor)
                .filter(floor -> floor.dueMillis() <= millis)
                .map(StoreKey::type)
                .toList();
    }

    /** When to look again: nothing is due before, in milliseconds of the epoch. */
    Optional<Long> nextDue() {
        return nextDue(type -> true);
    }

    /** As {@link #nextDue()}, of some types. */
    Optional<Long> nextDue(Predicate<String> which) {
        return types.values().stream()
                .map(Depth::floor)
                .filter(floor -> which.test(floor.type()))
                .map(StoreKey::dueMillis)
                .min(Long::compare);
    }

    /** The types that have something waiting, and how many. A fresh map. */
    Map<String, Long> counts() {
        Map<String, Long> counts = new HashMap<>();
        types.forEach((type, depth) -> {
            if (depth.count() > 0) {
                counts.put(type, depth.count());
            }
        });
        return counts;
    }

    private static StoreKey lower(StoreKey one, StoreKey other) {
        return StoreKey.BY_DUE.compare(one, other) <= 0 ? one : other;
    }
}
