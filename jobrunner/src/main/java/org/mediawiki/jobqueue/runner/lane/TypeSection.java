package org.mediawiki.jobqueue.runner.lane;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.mediawiki.jobqueue.runner.Time;

/**
 * One job type on one database section: those of its wikis that are blocked, set aside until something changes.
 *
 * <p>Where the section has room again, one wiki looks at it, however many wait; when it does not use the room, for a
 * reason of its own, the next one looks.
 */
final class TypeSection implements SharedLimit.Guest {

    private SharedLimit limit;
    private int concurrency;
    private final Time time;
    private final Consumer<WikiQueue> onWake;
    private final Runnable onAside;
    private final ServiceTime serviceTime = new ServiceTime();
    private final ReturnTimes returnTimes = new ReturnTimes();

    /** All that are blocked, and of these those that wait for room here, the longest waiting first. */
    private final Set<WikiQueue> aside = new LinkedHashSet<>();

    private final Set<WikiQueue> line = new LinkedHashSet<>();

    /**
     * @param limit that of the section, which it shares with the other types of the pool
     * @param concurrency the pool's limit
     * @param onWake is handed a wiki that should take turns again
     * @param onAside runs when a wiki is set aside
     */
    TypeSection(SharedLimit limit, int concurrency, Time time, Consumer<WikiQueue> onWake, Runnable onAside) {
        this.limit = limit;
        this.concurrency = concurrency;
        this.time = time;
        this.onWake = onWake;
        this.onAside = onAside;
    }

    boolean isFull() {
        return limit.isFull();
    }

    ServiceTime serviceTime() {
        return serviceTime;
    }

    /** {@code wiki} leaves the turns, blocked. */
    void setAside(WikiQueue wiki, Blockage why) {
        aside.add(wiki);
        onAside.run();
        if (why == Blockage.SECTION_FULL) {
            line.add(wiki);
            limit.await(this);
        } else {
            line.remove(wiki);
            letNextLook();
        }
    }

    /** {@code wiki} leaves the turns, empty. */
    void nothingToDo(WikiQueue wiki) {
        aside.remove(wiki);
        line.remove(wiki);
        letNextLook();
    }

    /** {@code wiki} takes turns again. */
    void wake(WikiQueue wiki) {
        aside.remove(wiki);
        onWake.accept(wiki);
    }

    @Override
    public void roomAgain() {
        wakeNext();
        if (!line.isEmpty()) {
            limit.await(this);
        }
    }

    /** The limits are others, and nobody is known to be blocked by them yet. Those who live here must move as well. */
    void moveTo(SharedLimit next, int nextConcurrency) {
        limit = next;
        concurrency = nextConcurrency;
        aside.clear();
        line.clear();
    }

    void take() {
        limit.take();
    }

    void giveBack() {
        limit.giveBack();
    }

    /** Whether a wiki is set aside: only then is one blocked. */
    boolean hasAside() {
        return !aside.isEmpty();
    }

    /** Those that are blocked, by what blocks them. */
    List<Crowd> crowds() {
        if (isFull()) {
            return aside.isEmpty() ? List.of() : List.of(Crowd.of(List.copyOf(aside)));
        }
        List<Crowd> crowds = new ArrayList<>();
        for (WikiQueue wiki : aside) {
            if (wiki.blockage() != null) {
                crowds.add(Crowd.of(List.of(wiki)));
            }
        }
        return crowds;
    }

    /** How long the next one whom the full section turns away should wait: half of those that stay go first. */
    Duration comeback() {
        int waiting = aside.stream().mapToInt(WikiQueue::size).sum();
        Duration interval = interval(limit.size());
        return returnTimes.next(time.nanos(), untilHalfOf(waiting, interval), interval, horizon());
    }

    /** How far ahead {@link #interval} can be trusted. */
    Duration horizon() {
        return serviceTime.horizon(time.nanos());
    }

    /**
     * How long half of {@code waiting} take, as far as can be told; at most {@link ReturnTimes#MOST_WAIT}, for a pace
     * changes, and limits do, when nobody is here to see it.
     */
    Duration untilHalfOf(int waiting, Duration interval) {
        return Collections.min(List.of(interval.multipliedBy(waiting / 2), ReturnTimes.MOST_WAIT, horizon()));
    }

    /** The time between two jobs that a place of {@code size} here works off. */
    Duration interval(int size) {
        return serviceTime.mean(time.nanos()).dividedBy(Math.min(size, Math.min(limit.size(), concurrency)));
    }

    private void letNextLook() {
        if (!isFull()) {
            wakeNext();
        }
    }

    private void wakeNext() {
        line.stream().findFirst().ifPresent(next -> {
            line.remove(next);
            wake(next);
        });
    }
}
