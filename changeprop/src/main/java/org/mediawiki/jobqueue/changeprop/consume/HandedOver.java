package org.mediawiki.jobqueue.changeprop.consume;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.mediawiki.jobqueue.changeprop.fleet.JobAtWork;
import org.mediawiki.jobqueue.changeprop.fleet.Notes;
import org.mediawiki.jobqueue.changeprop.fleet.Place;
import org.mediawiki.jobqueue.changeprop.ledger.Ending;
import org.mediawiki.jobqueue.changeprop.ledger.Slot;

/**
 * The slots of ours that are open though their partitions were handed over, of each of which a note says so. When one is
 * closed, the note says how. Poll thread only.
 */
final class HandedOver {

    private final Notes notes;
    private final Set<Place> open = new HashSet<>();

    /** Of partitions that are not ours now. A slot may stay here whose partition came back: another one is closed then. */
    private final Map<Slot, Place> slots = new HashMap<>();

    HandedOver(Notes notes) {
        this.notes = notes;
    }

    /** {@code slot} goes on here. Completes when everybody who asks will hear of it. */
    CompletableFuture<Void> add(Place place, Slot slot, Optional<JobAtWork> job) {
        open.add(place);
        slots.put(slot, place);
        return notes.write(place, job);
    }

    /** A slot of a partition that was given up was closed. */
    void closed(Slot slot) {
        Place place = slots.get(slot);
        if (place != null) {
            closed(place, slot.ending());
        }
    }

    /** The record at {@code place} has ended here; it may be one that was never handed over, or came back. */
    void closed(Place place, Ending how) {
        if (open.remove(place)) {
            slots.values().removeIf(place::equals);
            notes.ended(place, how);
        }
    }

    /** The record at {@code place}, which is ours, has ended, and no commit can say so now. */
    void ended(Place place, Slot slot) {
        if (!open.contains(place)) {
            notes.finished(place, JobAtWork.named(slot.name()), slot.ending());
        }
    }

    boolean isEmpty() {
        return open.isEmpty();
    }

    int size() {
        return open.size();
    }

    /** Where they came from. */
    Set<TopicPartition> partitions() {
        return open.stream().map(Place::partition).collect(Collectors.toSet());
    }
}
