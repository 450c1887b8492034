package org.mediawiki.jobqueue.changeprop.schedule;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.streams.processor.api.ProcessorContext;

/**
 * Releases what is due from one store, the longest overdue first, a bounded number at a time so that transactions stay
 * short. Owned by the task's thread.
 */
final class DueEvents {

    private static final int MOST_EVENTS = 500;
    private static final int MOST_BYTES = 1024 * 1024;

    /** How long an event that no topic takes is put off, so that it does not lead every round. */
    private static final long STUCK_MILLIS = 3_600_000;

    private final ProcessorContext<Void, Release> context;
    private final WaitingStore store;
    private final Outlet outlet;
    private final InstantSource clock;
    private final HeldTypes held = new HeldTypes();
    private boolean hasLeft;

    /** {@code clock} goes on while a call blocks, which the context's time does not. */
    DueEvents(ProcessorContext<Void, Release> context, WaitingStore store, Outlet outlet, InstantSource clock) {
        this.context = context;
        this.store = store;
        this.outlet = outlet;
        this.clock = clock;
    }

    /**
     * Releases what is due, as much as may be at once.
     *
     * @return when to come again, in milliseconds of the epoch
     */
    Optional<Long> release() {
        long now = context.currentSystemTimeMs();
        held.expire(now);
        List<String> types = store.index().dueBy(now).stream()
                .filter(type -> !held.holds(type))
                .toList();
        if (!types.isEmpty()) {
            new Round(now, types).run();
        }
        if (hasLeft) {
            context.commit();
            hasLeft = false;
        }
        return Stream.of(store.index().nextDue(type -> !held.holds(type)), held.firstEnd())
                .flatMap(Optional::stream)
                .min(Long::compare);
    }

    /**
     * Releases an event that is due when it is read, beside what is in the store; the next turn commits it. One whose
     * type is held does not ask again: whoever asks once for each record of a backlog polls too late to stay in the
     * group.
     *
     * @return whether it has left; it is to be kept where it has not
     */
    boolean leavesAtOnce(StoreKey key, StoredEvent event) {
        if (held.holds(key.type())) {
            return false;
        }
        Optional<KafkaException> failure = outlet.unavailable(event);
        if (failure.isPresent()) {
            held.hold(key.type(), clock.millis(), failure.orElseThrow());
            return false;
        }
        boolean leaves = outlet.release(key, event) == Outlet.Departure.LEFT;
        hasLeft |= leaves;
        return leaves;
    }

    /** One turn. */
    private final class Round {

        private final long now;
        private final List<String> types;
        private final List<ByDue.Entry> stuck = new ArrayList<>();
        private int events;
        private long bytes;

        Round(long now, List<String> types) {
            this.now = now;
            this.types = types;
        }

        void run() {
            try (ByDue waiting = store.waiting(types)) {
                while (events < MOST_EVENTS && bytes < MOST_BYTES && isDue(waiting)) {
                    waiting.next().ifPresent(entry -> step(waiting, entry));
                }
                raiseFloors(waiting.heads());
            }
            // Only now: a key that is added while floors are raised would be below them.
            stuck.forEach(this::putOff);
            if (events > 0) {
                held.released();
                hasLeft = true;
            }
        }

        private boolean isDue(ByDue waiting) {
            return waiting.peek().filter(key -> key.dueMillis() <= now).isPresent();
        }

        private void step(ByDue waiting, ByDue.Entry entry) {
            Optional<KafkaException> failure = outlet.unavailable(entry.event());
            if (failure.isPresent()) {
                passOver(waiting, entry.key().type(), failure.orElseThrow());
                return;
            }
            if (outlet.release(entry.key(), entry.event()) == Outlet.Departure.STUCK) {
                stuck.add(entry);
            }
            store.remove(entry.key());
            events++;
            bytes += entry.event().payload().length();
        }

        private void passOver(ByDue waiting, String type, KafkaException failure) {
            held.hold(type, clock.millis(), failure);
            types.stream().filter(held::holds).forEach(waiting::leaveOut);
        }

        private void raiseFloors(List<StoreKey> heads) {
            Set<String> left = new HashSet<>();
            for (StoreKey head : heads) {
                store.startsAt(head);
                left.add(head.type());
            }
            types.stream()
                    .filter(type -> !left.contains(type) && !held.holds(type))
                    .forEach(store::isEmpty);
        }

        private void putOff(ByDue.Entry entry) {
            StoreKey key = entry.key();
            store.add(new StoreKey(key.type(), now + STUCK_MILLIS, key.seq()), entry.event());
        }
    }
}
