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
 * The slots of ours that are open though their partitions were handed over, or lost, of each of which a note says so,
 * ours or somebody else's. When one is closed, a note says how. Poll thread only.
 */
final class RevokedSlots {

    private final Notes notes;

    /** A partition may come back and go again, so a place may have several: all are closed with its job. */
    private final Map<Slot, Place> slots = new HashMap<>();

    private final Set<Place> places = new HashSet<>();

    /** Those of them of which somebody else has said that it runs, and we have not. */
    private final Set<Place> followed = new HashSet<>();

    RevokedSlots(Notes notes) {
        this.notes = notes;
    }

    /** {@code slot} goes on here. Completes when everybody who asks will hear of it. */
    CompletableFuture<Void> add(Place place, Slot slot, Optional<JobAtWork> job) {
        goesOn(place, slot);
        return notes.write(place, job);
    }

    /** As {@link #add}, where the partition was lost: said again until it is heard, or the job has ended. */
    CompletableFuture<Void> addLost(Place place, Slot slot, Optional<JobAtWork> job) {
        goesOn(place, slot);
        return notes.writeLost(place, job);
    }

    /**
     * As {@link #addLost}, where somebody else has said that the job runs there: that stands, and nothing is said of
     * ours until it has ended for good.
     *
     * @return complete
     */
    CompletableFuture<Void> follow(Place place, Slot slot) {
        if (places.add(place)) {
            followed.add(place);
        }
        slots.put(slot, place);
        return CompletableFuture.completedFuture(null);
    }

    /** A slot was closed; nothing happens where it was never handed over. */
    void closed(Slot slot) {
        Place place = slots.remove(slot);
        if (place == null) {
            return;
        }
        Ending how = slot.ending();
        if (how.isFinal()) {
            // Whatever another of its slots is closed with, this is what has become of the record.
            slots.values().removeIf(place::equals);
        }
        if (!slots.containsValue(place)) {
            places.remove(place);
            tellEnd(place, slot);
        }
    }

    /**
     * The record at {@code place}, which is ours, has ended, and no commit can say so now.
     *
     * @return completes when everybody who asks will hear of it
     */
    CompletableFuture<Void> ended(Place place, Slot slot) {
        return notes.finished(place, JobAtWork.named(slot.name()), slot.ending());
    }

    /** A commit says by now that the record at {@code place} has ended. */
    void committed(Place place) {
        notes.forget(place);
    }

    /** Whether this lane goes on with the record at {@code place}, and will say how it ends. */
    boolean has(Place place) {
        return places.contains(place);
    }

    boolean isEmpty() {
        return places.isEmpty();
    }

    /** How many records. */
    int size() {
        return places.size();
    }

    /** Where they came from. */
    Set<TopicPartition> partitions() {
        return places.stream().map(Place::partition).collect(Collectors.toSet());
    }

    private void goesOn(Place place, Slot slot) {
        slots.put(slot, place);
        places.add(place);
        followed.remove(place);
    }

    private void tellEnd(Place place, Slot slot) {
        if (!followed.remove(place)) {
            notes.ended(place, slot.ending());
        } else if (slot.ending().isFinal()) {
            var unused = ended(place, slot);
        }
    }
}
