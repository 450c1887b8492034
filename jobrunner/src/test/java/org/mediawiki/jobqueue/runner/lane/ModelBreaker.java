package org.mediawiki.jobqueue.runner.lane;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.mediawiki.jobqueue.runner.breaker.BreakerSettings;

/**
 * What the target's breaker should do with one probe at a time, where nothing but a lack of connections opens it; by
 * looking at the clock rather than by timers.
 */
final class ModelBreaker {

    /** Types and target have so many calls to go until their failures matter. */
    static final BreakerSettings SETTINGS =
            new BreakerSettings(1, Duration.ofSeconds(60), 1_000_000, Duration.ofSeconds(3), 1);

    /** A probe that is silent for so long has its connection, and nobody knows its type. */
    private static final Duration PATIENCE = Duration.ofSeconds(6);

    /** Once it has closed, the calls under way may be twice as many with every step, until nothing is bounded. */
    private static final Duration STEP = Duration.ofMillis(200);

    private static final int STEPS = 10;

    private final BooleanSupplier isAwaited;
    private final Map<TestTask, Integer> eras = new HashMap<>();
    private Optional<Instant> openUntil = Optional.empty();
    private Optional<Instant> silentAt = Optional.empty();

    /** While no probe is out: when it looks whether anybody waits. */
    private Optional<Instant> looksAt = Optional.empty();

    private Optional<Instant> wellSince = Optional.empty();
    private Instant changedAt = Instant.MIN;
    private boolean halfOpen;

    /** Counts the changes but those for the better; who started before the last says nothing. */
    private int era;

    ModelBreaker(BooleanSupplier isAwaited) {
        this.isAwaited = isAwaited;
    }

    boolean isHeld(Instant now) {
        pass(now);
        return openUntil.isPresent() || halfOpen;
    }

    boolean admits(Instant now) {
        pass(now);
        return openUntil.isEmpty() && silentAt.isEmpty() && out() < room(now);
    }

    /** How many that were sent in the present phase may be under way. */
    private long room(Instant now) {
        long steps = wellSince
                .map(since -> Duration.between(since, now).dividedBy(STEP))
                .orElse((long) STEPS);
        return steps < STEPS ? 1L << steps : Long.MAX_VALUE;
    }

    private long out() {
        return eras.values().stream().filter(present -> present == era).count();
    }

    /** Whether it changes right now, so that what was true before this moment's timers is not true after them. */
    boolean changesAt(Instant now) {
        pass(now);
        return changedAt.equals(now);
    }

    void entered(TestTask task, Instant now) {
        pass(now);
        eras.put(task, era);
        if (halfOpen) {
            silentAt = Optional.of(now.plus(PATIENCE));
            looksAt = Optional.empty();
        }
    }

    void unreachable(TestTask task, Instant now, Duration rest) {
        if (counts(task, now)) {
            open(now.plus(rest));
        }
        eras.remove(task);
    }

    void succeeded(TestTask task, Instant now) {
        if (counts(task, now) && halfOpen) {
            close(now);
        }
        eras.remove(task);
    }

    void toldNothing(TestTask task, Instant now) {
        if (counts(task, now) && halfOpen) {
            silentAt = Optional.empty();
            looksAt = Optional.of(now.plus(SETTINGS.openFor()));
        }
        eras.remove(task);
    }

    private boolean counts(TestTask task, Instant now) {
        pass(now);
        return eras.getOrDefault(task, -1) == era;
    }

    private void open(Instant until) {
        openUntil = Optional.of(until);
        silentAt = Optional.empty();
        looksAt = Optional.empty();
        wellSince = Optional.empty();
        halfOpen = false;
        era++;
    }

    private void close(Instant at) {
        silentAt = Optional.empty();
        looksAt = Optional.empty();
        wellSince = Optional.of(at);
        halfOpen = false;
    }

    /** Call it before anybody comes to wait, or waits no longer. */
    void pass(Instant now) {
        while (true) {
            if (openUntil.isPresent() && !now.isBefore(openUntil.get())) {
                changedAt = openUntil.get();
                openUntil = Optional.empty();
                halfOpen = true;
                looksAt = Optional.of(changedAt.plus(SETTINGS.openFor()));
                era++;
            } else if (silentAt.isPresent() && !now.isBefore(silentAt.get())) {
                changedAt = silentAt.get();
                close(changedAt);
            } else if (looksAt.isPresent() && !now.isBefore(looksAt.get())) {
                changedAt = looksAt.get();
                looksAt = Optional.of(changedAt.plus(SETTINGS.openFor()));
                if (!isAwaited.getAsBoolean()) {
                    close(changedAt);
                }
            } else {
                return;
            }
        }
    }
}
