package org.mediawiki.jobqueue.runner.lane;

import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.mediawiki.jobqueue.runner.Attempt;
import org.mediawiki.jobqueue.runner.Job;
import org.mediawiki.jobqueue.runner.Target;
import org.mediawiki.jobqueue.runner.Time;
import org.mediawiki.jobqueue.runner.Verdict;
import org.mediawiki.jobqueue.runner.Verdict.Hold;
import org.mediawiki.jobqueue.runner.breaker.BreakerState;
import org.mediawiki.jobqueue.runner.breaker.Call;

/**
 * A pool of job types aimed at one target. Starts every task as soon as the limits, the fair turns and the holds let
 * it, sends it, judges the attempt and tells the task.
 *
 * <p>Used on one Vert.x context only. Tasks that wait are bounded by whoever submits them.
 */
public final class Lane {

    private final JudgedTarget target;
    private final BooleanSupplier mayStart;
    private final FairQueue queue;
    private final Tickets tickets;
    private boolean admitting = true;
    private boolean busy;

    /** {@code judge} says what an attempt means; it is asked once for each, on the lane's context. */
    public Lane(LaneSettings settings, Target target, Function<Attempt, Verdict> judge, Time time) {
        this(settings, target, judge, time, () -> true);
    }

    /** {@code mayStart} is asked before each start, and before tasks are turned away; once it says yes again after a no, call {@link #goOn}. */
    public Lane(
            LaneSettings settings,
            Target target,
            Function<Attempt, Verdict> judge,
            Time time,
            BooleanSupplier mayStart) {
        this.target = new JudgedTarget(target, judge);
        this.mayStart = mayStart;
        this.queue = new FairQueue(settings, time, this::startAll);
        this.tickets = new Tickets(queue::placesOf);
    }

    /** {@code task} wants to run, after those of its wiki and type that came before. */
    public void submit(Task task) {
        queue.add(tickets.behind(task));
        startAll();
    }

    /**
     * {@code task} was held and wants to run again, at its old place among those of its wiki and type; where it does
     * not say so within {@link Task#finished}, before all of them. One whose attempt an outage ended, or that may itself be
     * why its wiki is held, goes behind them: the next probe is another.
     */
    public void putBack(Task task) {
        queue.add(tickets.again(task));
        startAll();
    }

    /**
     * {@code job} runs elsewhere, and takes its slots here as if it ran here: in the lane, its pool, its section and its
     * wiki, also where none is free, since whoever started it did so within the limits. It is no attempt, and uses up
     * nobody's turn and no pace.
     */
    public Occupancy occupy(Job job) {
        queue.occupy(job);
        // Its wiki may live elsewhere now, which leaves room to others.
        startAll();
        return new Occupancy(() -> vacated(job));
    }

    /**
     * Other settings from here on: limits, which types share them, paces, priorities, timeouts, pauses, breakers. What
     * waits keeps its place and its hold; what runs goes on, with the timeout that it was sent with, and counts against
     * the new limits: where they are lower, nobody takes its place until they are kept. A breaker whose settings change
     * stays in its state, and begins to count anew. Nothing happens once the lane has stopped admitting.
     */
    public void reconfigure(LaneSettings settings) {
        if (!admitting) {
            return;
        }
        boolean outer = busy;
        busy = true;
        try {
            queue.reconfigure(settings);
        } finally {
            busy = outer;
        }
        startAll();
    }

    /**
     * The blocked tasks of a type may take so many bytes from here on, or less where the settings say less: those who submit
     * are short of room, and hold back what could start. Further ones are turned away.
     */
    public void keepBlocked(long bytes) {
        queue.keepBlocked(bytes);
        startAll();
    }

    /** Whether jobs may start, as far as whoever was asked before each start is concerned. */
    public boolean mayStart() {
        return mayStart.getAsBoolean();
    }

    /** Whatever has been waiting may start again. */
    public void goOn() {
        startAll();
    }

    /** Takes back the tasks that have not started and that {@code wanted} accepts. */
    public List<Task> withdraw(Predicate<Task> wanted) {
        return queue.withdraw(wanted);
    }

    /** Nothing starts from here on; what runs goes on to its end. */
    public void stopAdmitting() {
        admitting = false;
        queue.dispose();
    }

    /** How long an attempt of {@code job} may take that starts now. */
    public Duration timeoutOf(Job job) {
        return queue.settingsOf(job).timeout();
    }

    /** How many attempts are under way; jobs that {@linkplain #occupy run elsewhere} are none. */
    public int running() {
        return queue.running();
    }

    /** The breaker of the target. */
    public BreakerState targetBreaker() {
        return queue.breakers().target();
    }

    /** Tells {@code each} the breaker of every job type that was seen. */
    public void breakers(BiConsumer<String, BreakerState> each) {
        queue.breakers().types(each);
    }

    /** How many wikis are held: they are read-only. */
    public int heldWikis() {
        return queue.holds().heldWikis();
    }

    /** Tells {@code each} the use of every job type that was seen. */
    public void usage(BiConsumer<String, TypeUsage> each) {
        queue.usage(each);
    }

    /** Tells {@code each} every task that waits for a slot; all of them are walked through. */
    public void forEachWaiting(Consumer<Task> each) {
        queue.forEachWaiting(each);
    }

    /** Tells {@code each} the waiting tasks that are the first of their wiki and type: the oldest is among them. */
    public void firstInLine(Consumer<Task> each) {
        queue.firstInLine(each);
    }

    /**
     * Starts whatever may start, and parts with what blocks others. A call from within, when an attempt ends at once,
     * is left to the loop under way.
     */
    private void startAll() {
        if (busy || !admitting) {
            return;
        }
        busy = true;
        try {
            for (Ticket ticket = next(); ticket != null; ticket = next()) {
                start(ticket);
            }
            if (mayStart()) {
                // Who is turned away is written elsewhere, which is for whoever may start jobs, as a start is.
                queue.turnAway().forEach(TurnedAway::tell);
            }
        } finally {
            busy = false;
        }
    }

    private @Nullable Ticket next() {
        return mayStart() ? queue.next() : null;
    }

    /** A task that throws although it must not gets its slot back all the same, as an attempt that failed. */
    private void start(Ticket ticket) {
        boolean wanted;
        try {
            wanted = ticket.task().start();
        } catch (RuntimeException e) {
            queue.declined(ticket.task().job());
            tickets.tellEnd(ticket, JudgedTarget.unexpected(e));
            return;
        }
        if (wanted) {
            send(ticket);
        } else {
            queue.declined(ticket.task().job());
        }
    }

    private void send(Ticket ticket) {
        Job job = ticket.task().job();
        queue.started(job);
        Holds.Probes probes = queue.holds().enter(job.wiki(), queue.gateOf(job));
        Call call = queue.enter(job);
        target.send(job, timeoutOf(job)).onSuccess(verdict -> finished(ticket, probes, call, verdict));
    }

    private void vacated(Job job) {
        queue.vacated(job);
        startAll();
    }

    /** All that the verdict changes is changed before anything starts or is turned away because of it. */
    private void finished(Ticket ticket, Holds.Probes probes, Call call, Verdict verdict) {
        boolean outer = busy;
        busy = true;
        try {
            settle(ticket.task().job(), probes, verdict);
            call.ended(verdict, judged -> tellEnd(ticket, verdict, judged));
        } finally {
            busy = outer;
        }
        startAll();
    }

    /** {@code judged} is what holds in the place of {@code verdict}; another one means that there was an outage. */
    private void tellEnd(Ticket ticket, Verdict verdict, Verdict judged) {
        boolean keepsPlace = judged.equals(verdict) && !(judged instanceof Hold hold && hold.another());
        tickets.tellEnd(keepsPlace ? ticket : tickets.behind(ticket.task()), judged);
    }

    /** Once nothing starts any more, holds are pointless, and would set timers. */
    private void settle(Job job, Holds.Probes probes, Verdict verdict) {
        queue.finished(job);
        if (admitting) {
            queue.holds().settle(verdict instanceof Hold hold ? hold : null, probes, job.wiki(), queue.gateOf(job));
        }
    }
}
