package org.mediawiki.jobqueue.changeprop.consume;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.PriorityQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.mediawiki.jobqueue.runner.FakeTime;
import org.mediawiki.jobqueue.runner.Time;

/**
 * A world in which time passes only while everybody {@linkplain #rest rests}. Of its threads one runs at a time, whichever
 * holds the turn: nothing in it needs a lock, nothing waits for a real clock, and the same draws bring the same history.
 *
 * <p>Whoever rests lets the events happen that are due, on its own thread, and hands the turn to the first that may go on.
 */
final class Simulation implements Time {

    /** So that nanoseconds pass the end of their range some seconds after the beginning. */
    private static final long FIRST_NANOS =
            Long.MAX_VALUE - Duration.ofSeconds(10).toNanos();

    /** Many times what a history takes: somebody goes round without letting time pass. */
    private static final int MOST_TURNS = 200_000;

    private final long seed;
    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::number));
    private final List<Party> parties = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();
    private final Party test = new Party("the test", Thread.currentThread());
    private long elapsed;
    private long numbers;
    private int turns;

    /** Whose turn it is: written by whoever gives it away, read by who waits for it. */
    private volatile Party holder = test;

    private record Event(long at, long number, Runnable action) {}

    /** What ends a thread in the middle of whatever it does: its process was killed. */
    static final class Killed extends Error {

        Killed() {
            super("killed", null, false, false);
        }
    }

    /** {@code seed} decides how long everything takes; the thread that makes it is the first that has the turn. */
    Simulation(long seed) {
        this.seed = seed;
        parties.add(test);
    }

    /** Nanoseconds since the beginning. */
    long now() {
        return elapsed;
    }

    @Override
    public Instant instant() {
        return FakeTime.START.plusNanos(elapsed);
    }

    @Override
    public long nanos() {
        return FIRST_NANOS + elapsed;
    }

    @Override
    public Cancellation after(Duration delay, Runnable action) {
        boolean[] cancelled = {false};
        at(elapsed + delay.toNanos(), () -> {
            if (!cancelled[0]) {
                action.run();
            }
        });
        return () -> cancelled[0] = true;
    }

    /** {@code action} happens at {@code nanos}, or now where that is over. It must not rest. */
    void at(long nanos, Runnable action) {
        events.add(new Event(Math.max(nanos, elapsed), numbers++, action));
    }

    /** Somebody looks then whether those who rest may go on. */
    void wakeAt(long nanos) {
        at(nanos, () -> {});
    }

    /**
     * From 0 to below {@code bound}; the same whenever {@code purpose} is asked for at the same moment, so that what
     * comes in the order of a hash table takes as long in any order.
     */
    long noise(String purpose, long bound) {
        long mixed = seed * 0x9E3779B97F4A7C15L + purpose.hashCode() * 0xBF58476D1CE4E5B9L + elapsed;
        mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return Math.floorMod(mixed ^ (mixed >>> 31), Math.max(1, bound));
    }

    /** A thread of its own for {@code work}, which has its first turn now. */
    Party begin(String name, Runnable work) {
        Party party = new Party(name, null);
        Thread thread = new Quiet(name, () -> {
            party.awaitTurn();
            try {
                work.run();
            } catch (Killed killed) {
                // As it should be.
            } catch (RuntimeException | Error e) {
                fail(name + " ends by " + e + " at " + List.of(e.getStackTrace()));
            } finally {
                end(party);
            }
        });
        party.thread = thread;
        parties.add(party);
        thread.start();
        return party;
    }

    /** Whoever has the turn gives it away until {@code ready}, or until {@code nanos} at the latest. */
    void rest(long nanos, BooleanSupplier ready) {
        Party me = holder;
        if (me.killed) {
            throw new Killed();
        }
        me.until = nanos;
        me.ready = ready;
        wakeAt(nanos);
        giveAway();
        me.awaitTurn();
        if (me.killed) {
            throw new Killed();
        }
    }

    /** What must not have happened. */
    void fail(String what) {
        failures.add(String.format(Locale.ROOT, "%.6f %s", elapsed / 1e9, what));
    }

    List<String> failures() {
        return failures;
    }

    /** Ends every thread but that which has the turn. */
    void end() {
        parties.stream().filter(party -> party != test).forEach(Party::kill);
        rest(elapsed + 1, () -> parties.size() == 1);
    }

    @Override
    public <T> @Nullable T await(BlockingQueue<T> queue, Duration patience) {
        if (queue.isEmpty()) {
            rest(elapsed + patience.toNanos(), () -> !queue.isEmpty());
        }
        return queue.poll();
    }

    @Override
    public <T> T await(Future<T> future, Duration patience)
            throws InterruptedException, ExecutionException, TimeoutException {
        if (!future.isDone()) {
            rest(elapsed + patience.toNanos(), future::isDone);
        }
        return Time.super.await(future, Duration.ZERO);
    }

    private void end(Party party) {
        parties.remove(party);
        giveAway();
    }

    private void giveAway() {
        Party next = next();
        if (next != holder) {
            holder = next;
            LockSupport.unpark(next.thread);
        }
    }

    private Party next() {
        if (turns++ >= MOST_TURNS) {
            turns = 0;
            fail("somebody goes round without an end: " + parties);
            return test;
        }
        while (true) {
            for (Party party : parties) {
                if (party.mayGoOn(elapsed)) {
                    return party;
                }
            }
            Event event = events.remove();
            elapsed = event.at();
            try {
                event.action().run();
            } catch (RuntimeException | AssertionError e) {
                fail("an event fails: " + e + " at " + List.of(e.getStackTrace()));
            }
        }
    }

    /** Somebody whose turn it may be. Everything here but {@link #awaitTurn} is for whoever has the turn. */
    final class Party {

        private final String name;
        private @Nullable Thread thread;
        private long until;
        private BooleanSupplier ready = () -> true;
        private boolean frozen;
        private boolean killed;

        private Party(String name, @Nullable Thread thread) {
            this.name = name;
            this.thread = thread;
        }

        void freeze(boolean isFrozen) {
            frozen = isFrozen;
        }

        /** Its next turn is its last, in which it hears of it by {@link Killed}. */
        void kill() {
            killed = true;
        }

        private boolean mayGoOn(long nanos) {
            return killed || (!frozen && (nanos >= until || ready.getAsBoolean()));
        }

        private void awaitTurn() {
            while (holder != this) {
                LockSupport.park(Simulation.this);
            }
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /** A thread of a history, of whose log nobody reads a line: there are thousands of histories. */
    static final class Quiet extends Thread {

        Quiet(String name, Runnable work) {
            super(work, name);
            setDaemon(true);
        }
    }
}
