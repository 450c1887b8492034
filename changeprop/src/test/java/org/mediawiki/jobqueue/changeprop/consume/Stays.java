package org.mediawiki.jobqueue.changeprop.consume;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.mediawiki.jobqueue.changeprop.fleet.Place;
import org.mediawiki.jobqueue.changeprop.ledger.Ending;
import org.mediawiki.jobqueue.changeprop.ledger.Slot;

/** Jobs that were begun elsewhere, and the slots of their records, which wait here for their ends. */
final class Stays {

    private final Map<Place, Stay> stays = new TreeMap<>(Comparator.comparing(Place::toString));

    private static final class Stay {
        private Optional<Ending> ended;
        private @Nullable Slot guest;

        Stay(Optional<Ending> ended) {
            this.ended = ended;
        }
    }

    void expect(Place place, Optional<Ending> ended) {
        stays.put(place, new Stay(ended));
    }

    /** Whether the record was begun elsewhere; {@code close} is told where it has ended there already. */
    boolean keeps(Place place, Slot slot, BiConsumer<Slot, Ending> close) {
        Stay stay = stays.get(place);
        if (stay == null) {
            return false;
        }
        if (stay.ended.isPresent()) {
            stays.remove(place);
            close.accept(slot, stay.ended.get());
        } else {
            stay.guest = slot;
        }
        return true;
    }

    /** Somebody here runs it. */
    void adopted(Place place) {
        stays.remove(place);
    }

    /** Whose slot has waited for that. */
    Optional<Slot> ended(Place place, Ending how) {
        Stay stay = stays.get(place);
        if (stay == null) {
            return Optional.empty();
        }
        stay.ended = Optional.of(how);
        if (stay.guest != null || how == Ending.RELEASED) {
            stays.remove(place);
        }
        return Optional.ofNullable(stay.guest);
    }

    /** Nothing of these waits here any more. Returns what did. */
    List<Slot> release(Collection<TopicPartition> partitions) {
        List<Slot> guests = new ArrayList<>();
        stays.entrySet().removeIf(entry -> {
            boolean isGone = partitions.contains(entry.getKey().partition());
            Slot guest = entry.getValue().guest;
            if (isGone && guest != null) {
                guests.add(guest);
            }
            return isGone;
        });
        return guests;
    }
}
