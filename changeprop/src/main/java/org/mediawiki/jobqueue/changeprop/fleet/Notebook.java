package org.mediawiki.jobqueue.changeprop.fleet;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.mediawiki.jobqueue.changeprop.ledger.Ending;

/** The hand-over notes, and what they mean by what the roster says. Pure: changes only with what it is told. */
final class Notebook {

    private final Roster roster;
    private final Map<TopicPartition, Map<Place, Note>> notes = new HashMap<>();
    private int size;

    Notebook(Roster roster) {
        this.roster = roster;
    }

    /**
     * A note was written. An end says nothing of a later note of somebody else that stands: whoever stood still may come
     * back with the end of a job that had to be run again meanwhile. Nor does a note of whoever has lost its partition,
     * which may come behind those of the next owner.
     */
    void told(Place place, Note note) {
        Map<Place, Note> ofPartition = notes.computeIfAbsent(place.partition(), ignored -> new HashMap<>());
        Note before = ofPartition.get(place);
        boolean isLate = before != null
                && (note.ended().isPresent() || note.lost())
                && !before.author().equals(note.author())
                && stands(before);
        if (!isLate) {
            ofPartition.put(place, note);
            size += before == null ? 1 : 0;
        }
    }

    /** A note was removed. */
    void removed(Place place) {
        Map<Place, Note> ofPartition = notes.get(place.partition());
        if (ofPartition != null && ofPartition.remove(place) != null) {
            size--;
            if (ofPartition.isEmpty()) {
                notes.remove(place.partition());
            }
        }
    }

    Map<Place, Note> of(TopicPartition partition) {
        return Map.copyOf(notes.getOrDefault(partition, Map.of()));
    }

    /** As {@link Notes#endOf}. */
    Optional<Ending> endOf(Place place) {
        Note note = notes.getOrDefault(place.partition(), Map.of()).get(place);
        if (note == null) {
            return Optional.of(Ending.RELEASED);
        }
        boolean runs = note.ended().isEmpty() && roster.counts(note.author());
        return runs ? Optional.empty() : Optional.of(note.ended().orElse(Ending.RELEASED));
    }

    int size() {
        return size;
    }

    /**
     * Whether nobody else need say what comes of the job: it has ended for good, whatever became of its author, or it
     * runs and its partition was handed over in order.
     */
    private boolean stands(Note note) {
        return note.ended().map(Ending::isFinal).orElseGet(() -> !note.lost() && roster.counts(note.author()));
    }
}
