package org.mediawiki.jobqueue.runner.lane;

import java.util.Collection;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.function.ToIntFunction;

/**
 * Who is turned away where too many tasks of a type are blocked: the last one of the longest wiki of the largest crowd
 * (longest queue drop: Suter et al., 1998), so that a million jobs of one place leave to every other place what it
 * needs.
 */
final class Overflow {

    /** So much more room is made than must be, so that not every further task needs a look at all that are blocked. */
    private static final int SPARE_PART = 16;

    private final int most;

    /** Blocked tasks of one type may take {@code most} places. */
    Overflow(int most) {
        this.most = most;
    }

    /** Whether to look at those that are blocked at all; for most types at most times it is not worth it. */
    boolean isPossible(int places) {
        return places > most;
    }

    /** Hands a wiki to {@code turnLastAway} for each task that cannot stay; it says how many places are free now. */
    void turnAway(Collection<Crowd> crowds, ToIntFunction<WikiQueue> turnLastAway) {
        int blocked = 0;
        for (Crowd crowd : crowds) {
            blocked += crowd.places();
        }
        if (blocked <= most) {
            return;
        }
        PriorityQueue<Crowd> largestFirst =
                new PriorityQueue<>(Comparator.comparingInt(Crowd::places).reversed());
        largestFirst.addAll(crowds);
        int excess = blocked - (most - most / SPARE_PART);
        while (excess > 0) {
            Crowd crowd = largestFirst.remove();
            int free = turnLastAway.applyAsInt(crowd.longest());
            largestFirst.add(new Crowd(crowd.wikis(), crowd.places() - free));
            excess -= free;
        }
    }
}
