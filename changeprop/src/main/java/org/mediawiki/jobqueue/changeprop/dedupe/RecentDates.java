package org.mediawiki.jobqueue.changeprop.dedupe;

import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.mediawiki.jobqueue.runner.Time;

/**
 * The dates that were put in last, for a time and in bounded memory. All live equally long, so the oldest is the next to
 * expire, and is the first to go where room is needed. Used by one thread.
 */
final class RecentDates {

    /** What an entry takes beside its key's characters, on a 64-bit JVM with compressed references. */
    private static final int ENTRY_BYTES = 136;

    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final Duration ttl;
    private final long maxBytes;
    private final Time time;
    private long bytes;

    RecentDates(Duration ttl, long maxBytes, Time time) {
        this.ttl = ttl;
        this.maxBytes = maxBytes;
        this.time = time;
    }

    private record Entry(Instant date, long putNanos) {}

    Optional<Instant> get(String key) {
        Entry entry = entries.get(key);
        return entry == null || isExpired(entry) ? Optional.empty() : Optional.of(entry.date());
    }

    /** Puts a date in unless a later one stands there. */
    void moveForward(String key, Instant date) {
        if (get(key).filter(present -> present.isAfter(date)).isPresent()) {
            return;
        }
        if (entries.remove(key) == null) {
            bytes += weight(key);
        }
        entries.put(key, new Entry(date, time.nanos()));
        shed();
    }

    /** Those that have not expired, oldest first. */
    void forEach(BiConsumer<String, Instant> each) {
        entries.forEach((key, entry) -> {
            if (!isExpired(entry)) {
                each.accept(key, entry.date());
            }
        });
    }

    int size() {
        return entries.size();
    }

    private void shed() {
        Iterator<Map.Entry<String, Entry>> oldestFirst = entries.entrySet().iterator();
        while (oldestFirst.hasNext()) {
            Map.Entry<String, Entry> oldest = oldestFirst.next();
            if (bytes <= maxBytes && !isExpired(oldest.getValue())) {
                return;
            }
            bytes -= weight(oldest.getKey());
            oldestFirst.remove();
        }
    }

    private boolean isExpired(Entry entry) {
        return time.nanos() - entry.putNanos() >= ttl.toNanos();
    }

    /** Characters count double, as they do where one of them is not Latin-1. */
    private static long weight(String key) {
        return ENTRY_BYTES + 2L * key.length();
    }
}
