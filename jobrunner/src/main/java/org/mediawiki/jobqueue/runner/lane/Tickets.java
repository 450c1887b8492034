package org.mediawiki.jobqueue.runner.lane;

import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import org.mediawiki.jobqueue.runner.Job;
import org.mediawiki.jobqueue.runner.Verdict;

/** Gives every task its place in the order, and the same one again when it was held and is put back. */
final class Tickets {

    private final ToIntFunction<Job> places;
    private long next;
    private long front = -1;
    private @Nullable Ticket ending;

    /** {@code places} says how many a job takes that is blocked. */
    Tickets(ToIntFunction<Job> places) {
        this.places = places;
    }

    /** A place behind all others. */
    Ticket behind(Task task) {
        return ticket(task, next++);
    }

    /** The place that {@code task} had, where it is asked for while its end is told; else one before all others. */
    Ticket again(Task task) {
        Ticket known = ending;
        return ticket(task, known != null && known.task() == task ? known.number() : front--);
    }

    /** Tells a task its end. One end may lead to another, so the one before is kept. */
    void tellEnd(Ticket ticket, Verdict verdict) {
        Ticket outer = ending;
        ending = ticket;
        try {
            ticket.task().finished(verdict);
        } finally {
            ending = outer;
        }
    }

    private Ticket ticket(Task task, long number) {
        return new Ticket(task, number, places.applyAsInt(task.job()));
    }
}
