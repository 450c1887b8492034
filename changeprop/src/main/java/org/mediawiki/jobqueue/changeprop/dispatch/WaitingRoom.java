package org.mediawiki.jobqueue.changeprop.dispatch;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.mediawiki.jobqueue.runner.Time;

/**
 * Where jobs wait for a time that is near, without a place in a limit, but with their slots open; so there is room for
 * few, and all others wait in the scheduler. One timer serves them all. Used on the lane's context.
 */
final class WaitingRoom {

    /** A longer wait is the scheduler's: what it costs, some writes, is little beside a slot that stays open for so long. */
    private static final Duration LONGEST_STAY = Duration.ofSeconds(5);

    /** Far below what a partition may have open, so that those who wait here leave room for those who need not wait. */
    private static final int ROOM = 250;

    /** A timer may fire early by the rounding of its clock; and none sleeps longer, so that clock jumps do no harm. */
    private static final Duration LONGEST_NAP = Duration.ofSeconds(1);

    private final Time time;
    private final Consumer<OpenJob> whenDue;
    private final PriorityQueue<Guest> waiting = new PriorityQueue<>(Comparator.comparing(Guest::due));
    private Time.Cancellation timer = Time.Cancellation.NONE;

    /** {@code whenDue} is handed every job whose time has come. */
    WaitingRoom(Time time, Consumer<OpenJob> whenDue) {
        this.time = time;
        this.whenDue = whenDue;
    }

    private record Guest(OpenJob job, Instant due) {}

    /** Whether a wait is short enough to be spent here. */
    static boolean isShort(Duration wait) {
        return wait.compareTo(LONGEST_STAY) <= 0;
    }

    /** Whether a job that is {@code due} then may wait here. */
    boolean takes(Instant due) {
        return waiting.size() < ROOM && isShort(Duration.between(time.instant(), due));
    }

    /** Also beyond what it {@linkplain #takes takes}, where nobody else can. */
    void add(OpenJob job, Instant due) {
        Guest first = waiting.peek();
        waiting.add(new Guest(job, due));
        if (first == null || due.isBefore(first.due())) {
            setTimer();
        }
    }

    /** Sends those away that {@code wanted} accepts. */
    List<OpenJob> withdraw(Predicate<OpenJob> wanted) {
        List<OpenJob> withdrawn = new ArrayList<>();
        for (Iterator<Guest> guests = waiting.iterator(); guests.hasNext(); ) {
            OpenJob job = guests.next().job();
            if (wanted.test(job)) {
                guests.remove();
                withdrawn.add(job);
            }
        }
        setTimer();
        return withdrawn;
    }

    /** In no order. */
    void forEach(Consumer<OpenJob> each) {
        waiting.forEach(guest -> each.accept(guest.job()));
    }

    int size() {
        return waiting.size();
    }

    private void wake() {
        Instant now = time.instant();
        for (Guest next = waiting.peek(); next != null && !next.due().isAfter(now); next = waiting.peek()) {
            waiting.remove();
            whenDue.accept(next.job());
        }
        setTimer();
    }

    private void setTimer() {
        timer.cancel();
        Guest next = waiting.peek();
        if (next == null) {
            timer = Time.Cancellation.NONE;
            return;
        }
        Duration nap = Duration.between(time.instant(), next.due());
        timer = time.after(nap.compareTo(LONGEST_NAP) < 0 ? nap : LONGEST_NAP, this::wake);
    }
}
