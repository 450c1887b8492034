package org.mediawiki.jobqueue.runner.lane;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** The slots that one job type uses on one database section, and the wikis that wait for one of them. */
final class Section {

    private final OptionalInt limit;
    private final List<WikiQueue> parked = new ArrayList<>();
    private int running;

    Section(OptionalInt limit) {
        this.limit = limit;
    }

    boolean hasRoom() {
        return limit.isEmpty() || running < limit.getAsInt();
    }

    /** {@code wiki} found no room; it gets another look when a slot is given back. */
    void park(WikiQueue wiki) {
        parked.add(wiki);
    }

    void taken() {
        running++;
    }

    /** A slot is free again: everybody who waits here may take turns again. */
    void givenBack(Turns<WikiQueue> turns) {
        running--;
        parked.forEach(turns::join);
        parked.clear();
    }
}
