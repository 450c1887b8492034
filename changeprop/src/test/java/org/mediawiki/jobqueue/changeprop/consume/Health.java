package org.mediawiki.jobqueue.changeprop.consume;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.BooleanSupplier;

/**
 * How long an instance could have said something: by a commit, and by a note. And when it was heard by nobody, since it stood
 * still or was cut off.
 */
final class Health {

    /** Between two troubles: nothing of it may be heard then either. */
    private static final long BREATH_NANOS = Duration.ofMillis(1_500).toNanos();

    /** After something goes on again: until that is noticed. */
    private static final long MOMENT_NANOS = Duration.ofMillis(200).toNanos();

    private final Simulation world;
    private final Stopwatch commits;
    private final Stopwatch notes;
    private final BooleanSupplier silent;
    private final Deque<Trouble> troubles = new ArrayDeque<>();
    private boolean wasSilent;

    /** Nothing was heard of it, or could be written to the fleet's topic by it; {@code to} is the moment where that goes on. */
    private static final class Trouble {
        private final long from;
        private long to;

        Trouble(long from) {
            this.from = from;
            this.to = from;
        }
    }

    /** How long it could so far. */
    record Said(long commitNanos, long noteNanos) {}

    Health(Simulation world, BooleanSupplier canCommit, BooleanSupplier canNote, BooleanSupplier silent) {
        this.world = world;
        this.commits = new Stopwatch(canCommit);
        this.notes = new Stopwatch(canNote);
        this.silent = silent;
        look();
    }

    /** Something may have changed. */
    void look() {
        commits.look();
        notes.look();
        Trouble last = troubles.peekLast();
        boolean goesOn = wasSilent || (last != null && world.now() - last.to <= BREATH_NANOS);
        if (silent.getAsBoolean() && !goesOn) {
            troubles.add(new Trouble(world.now()));
        }
        if (wasSilent || silent.getAsBoolean()) {
            troubles.getLast().to = world.now();
        }
        wasSilent = silent.getAsBoolean();
    }

    /** Now. */
    Said said() {
        look();
        return new Said(commits.nanos, notes.nanos);
    }

    /** Since when it is in the trouble of this moment, or was in that of a moment ago; now where it is in none. */
    long silentSince() {
        look();
        Trouble last = troubles.peekLast();
        return last != null && world.now() - last.to <= BREATH_NANOS ? last.from : world.now();
    }

    /** Whether it was silent for as long as {@code nanos} while something went on from {@code begin} to {@code end}. */
    boolean wasSilentFor(long nanos, long begin, long end) {
        look();
        return troubles.stream()
                .anyMatch(trouble -> trouble.to - trouble.from >= nanos && trouble.to >= begin && trouble.from <= end);
    }

    /** Whether no note could be written for as long as {@code nanos}, until now or a moment ago. */
    boolean couldNotWriteFor(long nanos) {
        look();
        long until = notes.ran ? notes.startedNanos : world.now();
        return until - notes.stoppedNanos >= nanos && world.now() - until <= MOMENT_NANOS;
    }

    private final class Stopwatch {

        private final BooleanSupplier running;
        private boolean ran;
        private long lookedNanos;
        private long startedNanos;
        private long stoppedNanos;
        private long nanos;

        Stopwatch(BooleanSupplier running) {
            this.running = running;
        }

        void look() {
            nanos += ran ? world.now() - lookedNanos : 0;
            lookedNanos = world.now();
            if (ran != running.getAsBoolean()) {
                ran = !ran;
                startedNanos = ran ? world.now() : startedNanos;
                stoppedNanos = ran ? stoppedNanos : world.now();
            }
        }
    }
}
