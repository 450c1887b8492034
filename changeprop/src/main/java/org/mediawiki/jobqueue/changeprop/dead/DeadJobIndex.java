package org.mediawiki.jobqueue.changeprop.dead;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The newest dead jobs without their bodies, newest first; older ones are forgotten here, not in Kafka. Written by the
 * tail's thread alone, read on any.
 */
final class DeadJobIndex {

    private static final Comparator<Place> NEWEST_FIRST =
            Comparator.comparing(Place::at).thenComparing(Place::id).reversed();

    /** How many different words are remembered to be shared, at most. */
    private static final int MOST_WORDS = 10_000;

    private final int capacity;
    private final ConcurrentSkipListMap<Place, DeadJob> jobs = new ConcurrentSkipListMap<>(NEWEST_FIRST);

    /** A skip list counts itself by walking. */
    private final AtomicInteger size = new AtomicInteger();

    /** A thousand jobs that died of the same share one message. Of the tail's thread. */
    private final Map<String, String> words = new HashMap<>();

    private volatile boolean forgot;

    DeadJobIndex(int capacity) {
        this.capacity = capacity;
    }

    private record Place(Instant at, DeadJobId id) {}

    /**
     * One page.
     *
     * @param next where the next page begins; empty on the last
     */
    record Found(List<DeadJob> jobs, Optional<String> next) {}

    void add(DeadJob job) {
        DeadJob shared = shared(job);
        if (jobs.put(new Place(job.at(), job.id()), shared) == null && size.incrementAndGet() > capacity) {
            forgot = true;
            jobs.pollLastEntry();
            size.decrementAndGet();
        }
    }

    /** All that was deleted in Kafka, or stood in a topic that was. */
    void forget(Predicate<DeadJobId> gone) {
        jobs.keySet().removeIf(place -> {
            boolean leaves = gone.test(place.id());
            if (leaves) {
                size.decrementAndGet();
            }
            return leaves;
        });
    }

    /** {@code after} is {@link Found#next} of the page before; what cannot be read as such means the first page. */
    Found search(DeadJobFilter filter, Function<DeadJobId, DeadJobState> stateOf, Optional<String> after, int limit) {
        List<DeadJob> found = new ArrayList<>();
        var from = after.flatMap(DeadJobIndex::place)
                .map(place -> jobs.tailMap(place, false))
                .orElse(jobs);
        for (Map.Entry<Place, DeadJob> entry : from.entrySet()) {
            if (filter.matches(entry.getValue(), stateOf.apply(entry.getKey().id()))) {
                if (found.size() == limit) {
                    return new Found(List.copyOf(found), Optional.of(text(found.get(limit - 1))));
                }
                found.add(entry.getValue());
            }
        }
        return new Found(List.copyOf(found), Optional.empty());
    }

    /** How many match, by {@code of}. */
    Map<String, Long> count(
            DeadJobFilter filter, Function<DeadJobId, DeadJobState> stateOf, Function<DeadJob, String> of) {
        Map<String, Long> counts = new TreeMap<>();
        jobs.forEach((place, job) -> {
            if (filter.matches(job, stateOf.apply(place.id()))) {
                counts.merge(of.apply(job), 1L, Long::sum);
            }
        });
        return counts;
    }

    /** The most that are in it. */
    int capacity() {
        return capacity;
    }

    int size() {
        return size.get();
    }

    /** The oldest that is known here; empty where all are, or none is there. */
    Optional<Instant> since() {
        Map.Entry<Place, DeadJob> oldest = jobs.lastEntry();
        return forgot && oldest != null ? Optional.of(oldest.getKey().at()) : Optional.empty();
    }

    /** There are older ones that were never added. */
    void beganLate() {
        forgot = true;
    }

    private DeadJob shared(DeadJob job) {
        if (words.size() > MOST_WORDS) {
            words.clear();
        }
        return new DeadJob(
                job.id(),
                job.at(),
                shared(job.type()),
                shared(job.wiki()),
                job.jobId(),
                job.requestId(),
                shared(job.stream()),
                job.status(),
                shared(job.message()),
                job.bytes());
    }

    private String shared(String word) {
        String known = words.putIfAbsent(word, word);
        return known == null ? word : known;
    }

    private static String text(DeadJob job) {
        return job.at().toEpochMilli() + "_" + job.id().text();
    }

    private static Optional<Place> place(String text) {
        int gap = text.indexOf('_');
        if (gap < 1 || !text.substring(0, gap).matches("[0-9]{1,15}")) {
            return Optional.empty();
        }
        Instant at = Instant.ofEpochMilli(Long.parseLong(text.substring(0, gap)));
        return DeadJobId.parse(text.substring(gap + 1)).map(id -> new Place(at, id));
    }
}
