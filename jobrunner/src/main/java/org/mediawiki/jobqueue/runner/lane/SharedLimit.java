package org.mediawiki.jobqueue.runner.lane;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The slots that the types of a pool use on one section or on one wiki, and who waits for one of them. */
final class SharedLimit {

    private final int size;
    private final Set<Guest> guests = new LinkedHashSet<>();
    private int taken;

    /** Somebody who found no room. */
    interface Guest {
        /** There is room again, for one; no longer a guest. */
        void roomAgain();
    }

    SharedLimit(int size) {
        this.size = size;
    }

    /** How many may run at once. */
    int size() {
        return size;
    }

    boolean isFull() {
        return taken >= size;
    }

    /** {@code guest} hears of it when a slot is given back. */
    void await(Guest guest) {
        guests.add(guest);
    }

    void take() {
        taken++;
    }

    void giveBack() {
        taken--;
        List<Guest> waiting = List.copyOf(guests);
        guests.clear();
        waiting.forEach(Guest::roomAgain);
    }
}
