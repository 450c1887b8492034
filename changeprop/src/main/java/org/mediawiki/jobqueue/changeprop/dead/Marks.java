package org.mediawiki.jobqueue.changeprop.dead;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.mediawiki.jobqueue.changeprop.dead.MarkCode.Place;

/**
 * What was done about which dead job, by anybody in the fleet. Lives in a compacted topic that every instance reads
 * whole; here it takes two bits for each dead job that something was done about, and the words of the newest.
 *
 * <p>Who wants to do something claims first. Claims are records of one partition, so that every instance sees them in the
 * same order: the first one that has not lapsed holds, whoever else wrote one as well.
 *
 * <p>Any thread; guarded by its own lock, which is held for moments.
 */
final class Marks {

    /**
     * So long a claim holds whose owner does not say what came of it: longer than any write may take. Whoever claims
     * after that may do it twice, where the owner died between its write and its mark.
     */
    static final Duration LAPSE = Duration.ofMinutes(10);

    /**
     * So many are taken away at a time. Hundreds of thousands may become useless at once, and claims wait behind what was
     * written before them, or are refused where that is too much.
     */
    static final int MOST_TIDIED = 10_000;

    private static final int MOST_WORDS = 10_000;

    private final MarkBoard board;
    private final InstantSource clock;
    private final Supplier<String> ids;
    private final Map<String, Topic> topics = new HashMap<>();

    /** {@code ids} gives each claim a name of its own. */
    Marks(MarkBoard board, InstantSource clock, Supplier<String> ids) {
        this.board = board;
        this.clock = clock;
        this.ids = ids;
    }

    private static final class Topic {
        private final Map<Integer, OffsetSet> replayed = new HashMap<>();
        private final Map<Integer, OffsetSet> dropped = new HashMap<>();
        private final Map<DeadJobId, Mark> claims = new HashMap<>();
        private final Map<DeadJobId, Mark> newest = new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<DeadJobId, Mark> eldest) {
                return size() > MOST_WORDS;
            }
        };
    }

    /** A record of the topic, in order. */
    synchronized void told(String key, byte @Nullable [] value) {
        Optional<Place> place = MarkCode.place(key);
        if (place.isEmpty()) {
            return;
        }
        Topic topic = topics.computeIfAbsent(place.get().topicId(), ignored -> new Topic());
        DeadJobId id = place.get().id();
        if (value == null) {
            forget(topic, id);
        } else {
            MarkCode.mark(value).ifPresent(mark -> note(topic, id, mark));
        }
    }

    /** What was done about {@code id} of the error topic {@code topicId}. */
    synchronized DeadJobState state(String topicId, DeadJobId id) {
        Topic topic = topics.get(topicId);
        if (topic == null) {
            return DeadJobState.DEAD;
        } else if (contains(topic.replayed, id)) {
            return DeadJobState.REPLAYED;
        } else if (contains(topic.dropped, id)) {
            return DeadJobState.DROPPED;
        }
        Mark claim = topic.claims.get(id);
        return claim == null || isLapsed(claim, clock.instant()) ? DeadJobState.DEAD : DeadJobState.CLAIMED;
    }

    /** Who did it, when and why; empty where nothing was done, or too long ago to be remembered here. */
    synchronized Optional<Mark> words(String topicId, DeadJobId id) {
        return Optional.ofNullable(topics.get(topicId))
                .flatMap(topic ->
                        Optional.ofNullable(topic.newest.get(id)).or(() -> Optional.ofNullable(topic.claims.get(id))));
    }

    /**
     * Claims those of {@code wanted} about which nothing was done.
     *
     * @return completes with the marks of those that are ours, to be concluded or released; fails where Kafka does not
     *     take the claims
     */
    CompletableFuture<Map<DeadJobId, Mark>> claim(
            String topicId, Collection<DeadJobId> wanted, String by, String reason) {
        Mark claim = new Mark(DeadJobState.CLAIMED, by, reason, clock.instant(), ids.get());
        List<DeadJobId> free = wanted.stream()
                .distinct()
                .filter(id -> state(topicId, id) == DeadJobState.DEAD)
                .toList();
        List<CompletableFuture<Void>> written = free.stream()
                .map(id -> board.write(MarkCode.key(new Place(topicId, id)), MarkCode.bytes(claim)))
                .toList();
        return CompletableFuture.allOf(written.toArray(new CompletableFuture<?>[0]))
                .thenCompose(ignored -> board.caughtUp())
                .thenApply(ignored -> held(topicId, free, claim));
    }

    /** Completes when everything is told here that was written before. */
    CompletableFuture<Void> caughtUp() {
        return board.caughtUp();
    }

    /** What was claimed is done. */
    CompletableFuture<Void> conclude(String topicId, DeadJobId id, DeadJobState state, Mark claim) {
        Mark mark = new Mark(state, claim.by(), claim.reason(), clock.instant(), claim.claim());
        return board.write(MarkCode.key(new Place(topicId, id)), MarkCode.bytes(mark));
    }

    /** What was claimed will not be done. */
    CompletableFuture<Void> release(String topicId, DeadJobId id) {
        return board.write(MarkCode.key(new Place(topicId, id)), null);
    }

    /**
     * Takes away the marks of dead jobs that are {@code gone}, and of other error topics: {@value #MOST_TIDIED} of them at
     * the most, the others another time.
     */
    void tidy(String topicId, Predicate<DeadJobId> gone) {
        List<Place> useless = new ArrayList<>();
        synchronized (this) {
            topics.forEach((name, topic) -> {
                boolean old = !name.equals(topicId);
                each(topic.replayed, id -> addIf(old || gone.test(id), useless, name, id));
                each(topic.dropped, id -> addIf(old || gone.test(id), useless, name, id));
                topic.claims.keySet().forEach(id -> addIf(old || gone.test(id), useless, name, id));
            });
        }
        useless.forEach(place -> {
            var unused = board.write(MarkCode.key(place), null);
        });
    }

    private static void addIf(boolean useless, List<Place> to, String topicId, DeadJobId id) {
        if (useless && to.size() < MOST_TIDIED) {
            to.add(new Place(topicId, id));
        }
    }

    private synchronized Map<DeadJobId, Mark> held(String topicId, List<DeadJobId> wanted, Mark claim) {
        Topic topic = topics.getOrDefault(topicId, new Topic());
        Set<DeadJobId> ours =
                wanted.stream().filter(id -> claim.equals(topic.claims.get(id))).collect(Collectors.toSet());
        return ours.stream().collect(Collectors.toMap(id -> id, id -> claim));
    }

    private void note(Topic topic, DeadJobId id, Mark mark) {
        if (mark.state() == DeadJobState.CLAIMED) {
            // The race between two operators is decided here, on every instance in the same way.
            Mark earlier = topic.claims.get(id);
            boolean done = contains(topic.replayed, id) || contains(topic.dropped, id);
            if (!done && (earlier == null || isLapsed(earlier, mark.at()))) {
                topic.claims.put(id, mark);
            }
            return;
        }
        forget(topic, id);
        Map<Integer, OffsetSet> marked = mark.state() == DeadJobState.DROPPED ? topic.dropped : topic.replayed;
        marked.computeIfAbsent(id.partition(), ignored -> new OffsetSet()).add(id.offset());
        topic.newest.put(id, mark);
    }

    private static void forget(Topic topic, DeadJobId id) {
        topic.claims.remove(id);
        topic.newest.remove(id);
        for (Map<Integer, OffsetSet> marked : List.of(topic.replayed, topic.dropped)) {
            OffsetSet offsets = marked.get(id.partition());
            if (offsets != null) {
                offsets.remove(id.offset());
            }
        }
    }

    private static boolean isLapsed(Mark claim, Instant now) {
        return now.isAfter(claim.at().plus(LAPSE));
    }

    private static boolean contains(Map<Integer, OffsetSet> marked, DeadJobId id) {
        OffsetSet offsets = marked.get(id.partition());
        return offsets != null && offsets.contains(id.offset());
    }

    private static void each(Map<Integer, OffsetSet> marked, Consumer<DeadJobId> each) {
        marked.forEach(
                (partition, offsets) -> offsets.forEach(offset -> each.accept(new DeadJobId(partition, offset))));
    }
}
