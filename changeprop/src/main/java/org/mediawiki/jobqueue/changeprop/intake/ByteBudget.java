package org.mediawiki.jobqueue.changeprop.intake;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.mediawiki.jobqueue.runner.Time;

/**
 * Bounds the bytes of the posts that are read, examined or being written. Whoever finds no room waits behind those who
 * came before, for a while. Used on the intake's context.
 */
final class ByteBudget {

    /** Connections that wait are cheap, but not free. */
    private static final int MOST_WAITING = 20_000;

    private final long size;
    private final Time time;
    private final Deque<Guest> waiting = new ArrayDeque<>();
    private long taken;

    /** Whether those that wait are being let in: they may leave at once, since some have hung up meanwhile. */
    private boolean lettingIn;

    /** @param size the most bytes at once; a larger post is let in alone */
    ByteBudget(long size, Time time) {
        this.size = size;
        this.time = time;
    }

    /** Whoever wants to come in. One of the two methods is called, once. */
    interface Visitor {
        void admitted();

        void turnedAway();
    }

    private static final class Guest {

        private final long bytes;
        private final Visitor visitor;
        private Time.Cancellation timer = Time.Cancellation.NONE;

        Guest(long bytes, Visitor visitor) {
            this.bytes = bytes;
            this.visitor = visitor;
        }
    }

    /** Asks for room; {@link #leave} with as many bytes follows every admission. */
    void enter(long bytes, Duration patience, Visitor visitor) {
        Guest guest = new Guest(bytes, visitor);
        if (waiting.isEmpty() && fits(guest)) {
            admit(guest);
        } else if (waiting.size() >= MOST_WAITING) {
            visitor.turnedAway();
        } else {
            waiting.add(guest);
            guest.timer = time.after(patience, () -> giveUp(guest));
        }
    }

    /** Bytes are out of hand. */
    void leave(long bytes) {
        taken -= bytes;
        letIn();
    }

    long taken() {
        return taken;
    }

    int waiting() {
        return waiting.size();
    }

    private boolean fits(Guest guest) {
        return taken == 0 || taken + guest.bytes <= size;
    }

    private void admit(Guest guest) {
        taken += guest.bytes;
        guest.visitor.admitted();
    }

    /** Whoever leaves while it is under way makes room for its next turn: one inside the other would exhaust the stack. */
    private void letIn() {
        if (lettingIn) {
            return;
        }
        lettingIn = true;
        try {
            while (!waiting.isEmpty() && fits(waiting.element())) {
                Guest next = waiting.remove();
                next.timer.cancel();
                admit(next);
            }
        } finally {
            lettingIn = false;
        }
    }

    private void giveUp(Guest guest) {
        if (waiting.remove(guest)) {
            guest.visitor.turnedAway();
            // It may have been the first in line, and too large for the room that there is.
            letIn();
        }
    }
}
