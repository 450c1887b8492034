package org.mediawiki.jobqueue.changeprop.consume;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.mediawiki.jobqueue.changeprop.ledger.Slot;

/**
 * Slots that have ended and of which no commit is known to say so. The client commits nothing from when it asks to join a
 * rebalance until that is over, and that takes as long as the slowest member; whoever is killed meanwhile would leave all that
 * ended behind as if it had not (SPEC guarantee 2 allows what ended in the last 100 ms). So while commits are held up, ends
 * are told in another way. Poll thread only; bounded by what may be open.
 */
final class Ends {

    private final Consumer<Slot> otherWay;
    private final List<Slot> uncommitted = new ArrayList<>();
    private final List<Slot> onTheirWay = new ArrayList<>();
    private boolean heldUp;

    /** {@code otherWay} is told of each slot that ended while commits are held up, or shortly before, once. */
    Ends(Consumer<Slot> otherWay) {
        this.otherWay = otherWay;
    }

    void ended(Slot slot) {
        if (heldUp) {
            otherWay.accept(slot);
        } else {
            uncommitted.add(slot);
        }
    }

    /** A commit is sent that says all that has ended so far. */
    void commitTaken() {
        onTheirWay.addAll(uncommitted);
        uncommitted.clear();
    }

    void commitArrived() {
        onTheirWay.clear();
        heldUp = false;
    }

    /** The next commit says it again. */
    void commitFailed() {
        uncommitted.addAll(onTheirWay);
        onTheirWay.clear();
    }

    /** After {@link #commitFailed}: no commit is taken until one arrives. */
    void commitsHeldUp() {
        heldUp = true;
        uncommitted.forEach(otherWay);
        uncommitted.clear();
    }

    /** Those are somebody else's now. */
    void forget(Predicate<Slot> gone) {
        uncommitted.removeIf(gone);
        onTheirWay.removeIf(gone);
    }
}
