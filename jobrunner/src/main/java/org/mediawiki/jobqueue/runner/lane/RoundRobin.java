package org.mediawiki.jobqueue.runner.lane;

import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Round robin over those who could use a free slot. Members that turn out not to be ready leave when their turn comes;
 * whatever makes one ready again must {@linkplain #join} it, so that a look at the next is O(1) however many wait
 * blocked.
 */
final class RoundRobin<T extends RoundRobin.Member> {

    /** Somebody who takes turns. */
    interface Member {
        /** Whether a slot could be used right now. Whoever says no may let others join instead. */
        boolean ready();
    }

    private final Set<T> members = new LinkedHashSet<>();

    /** At the end of the round, unless it already takes part. */
    void join(T member) {
        members.add(member);
    }

    /** Whose turn it is; null when nobody is ready. The turn is not used up. */
    @Nullable
    T peek() {
        while (!members.isEmpty()) {
            T member = members.iterator().next();
            if (member.ready()) {
                return member;
            }
            members.remove(member);
        }
        return null;
    }

    /** The turn of {@code member} is used up: back to the end of the round. */
    void used(T member) {
        members.remove(member);
        members.add(member);
    }

    int size() {
        return members.size();
    }
}
