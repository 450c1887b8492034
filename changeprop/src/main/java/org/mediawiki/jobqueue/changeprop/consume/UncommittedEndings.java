package org.mediawiki.jobqueue.changeprop.consume;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.mediawiki.jobqueue.changeprop.ledger.Slot;
import org.mediawiki.jobqueue.runner.Time;

/**
 * Slots that have ended and of which no commit is known to say so. The client commits nothing from when it asks to join a
 * rebalance until that is over, which takes as long as the slowest member, and brokers may be slow to answer a commit, or
 * gone; whoever is killed meanwhile would leave all that ended behind as if it had not (SPEC guarantee 2 allows what ended
 * in the last 100 ms). So what cannot be committed is told in another way: at once where commits are refused, and after
 * {@link #PATIENCE} where they are not answered. Poll thread only; bounded by what may be open.
 */
final class UncommittedEndings {

    /** A commit takes some milliseconds. Much shorter would tell all that ends twice over wherever brokers are busy. */
    static final Duration PATIENCE = Duration.ofMillis(250);

    /** The mark of a commit that says nothing of what has ended. */
    static final long NONE = 0;

    private final Function<Slot, CompletableFuture<Void>> otherWay;
    private final Consumer<Slot> noLonger;
    private final Time time;

    /** In the order in which they ended. */
    private final Deque<End> uncommitted = new ArrayDeque<>();

    /**
     * What was told, in order, until it is known that everybody hears it, and hears what was told before; or until a commit says
     * it, for whoever cannot be told may be so for hours.
     */
    private final Deque<Telling> tellings = new ArrayDeque<>();

    private long count;
    private boolean heldUp;

    private record End(long number, Slot slot, long nanos) {}

    private record Telling(Slot slot, CompletableFuture<Void> heard) {}

    /**
     * @param otherWay tells of a slot that ended, once, and completes when everybody who asks will hear of it
     * @param noLonger hears of what was told and need not be heard any more
     */
    UncommittedEndings(Function<Slot, CompletableFuture<Void>> otherWay, Consumer<Slot> noLonger, Time time) {
        this.otherWay = otherWay;
        this.noLonger = noLonger;
        this.time = time;
    }

    void ended(Slot slot) {
        if (heldUp) {
            tell(slot);
        } else {
            uncommitted.add(new End(count++, slot, time.nanos()));
        }
    }

    /** What has ended so far: a commit of all changes that is taken now says all of it. */
    long mark() {
        return count;
    }

    /** A commit has arrived that was taken at {@code mark}, and ledgers know it; of later ends it says nothing. */
    void committed(long mark) {
        heldUp = false;
        while (!uncommitted.isEmpty() && uncommitted.peekFirst().number() < mark) {
            uncommitted.removeFirst();
        }
        tellings.removeIf(telling -> {
            boolean isSaid = telling.slot().ledger().isCommitted(telling.slot().offset());
            if (isSaid) {
                noLonger.accept(telling.slot());
            }
            return isSaid;
        });
    }

    /** No commit is taken until one arrives. */
    void commitsHeldUp() {
        heldUp = true;
        while (!uncommitted.isEmpty()) {
            tell(uncommitted.removeFirst().slot());
        }
    }

    /** Tells what a commit should have said by now. */
    void tellOverdue() {
        while (!uncommitted.isEmpty() && time.nanos() - uncommitted.peekFirst().nanos() >= PATIENCE.toNanos()) {
            tell(uncommitted.removeFirst().slot());
        }
    }

    /** Tells all that {@code wanted} accepts; completes when it is heard, and what was told of them before is. */
    CompletableFuture<Void> tell(Predicate<Slot> wanted) {
        for (Iterator<End> each = uncommitted.iterator(); each.hasNext(); ) {
            Slot slot = each.next().slot();
            if (wanted.test(slot)) {
                each.remove();
                tell(slot);
            }
        }
        return CompletableFuture.allOf(tellings.stream()
                .filter(telling -> wanted.test(telling.slot()))
                .map(Telling::heard)
                .toArray(CompletableFuture<?>[]::new));
    }

    /** Those are somebody else's now. */
    void forget(Predicate<Slot> gone) {
        uncommitted.removeIf(end -> gone.test(end.slot()));
        tellings.removeIf(telling -> gone.test(telling.slot()));
    }

    private void tell(Slot slot) {
        while (!tellings.isEmpty() && tellings.peekFirst().heard().isDone()) {
            tellings.removeFirst();
        }
        tellings.add(new Telling(slot, otherWay.apply(slot)));
    }
}
