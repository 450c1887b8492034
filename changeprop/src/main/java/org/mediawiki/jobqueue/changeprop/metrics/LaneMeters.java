package org.mediawiki.jobqueue.changeprop.metrics;

import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.mediawiki.jobqueue.runner.breaker.BreakerState;
import org.mediawiki.jobqueue.runner.lane.TypeUsage;

/**
 * The present state of a lane, as it was when it was last refreshed. Refreshed on the lane's context; read by scrapes.
 *
 * <p>A job type keeps the gauges of the pool in which it was first seen, and gets others when it moves: those of the
 * old pool stay, at 0. Those that do not name the pool are the same wherever it is.
 */
public final class LaneMeters {

    private final Meters meters;
    private final BoundedLabel typeLabels;
    private final Tags tags;
    private final Map<Key, TypeGauges> types = new HashMap<>();
    private final Map<String, BreakerMeters> typeBreakers = new HashMap<>();
    private final Map<String, OldestAttempt> attempts = new HashMap<>();
    private @Nullable BreakerMeters targetBreaker;

    /** Written by whoever refreshes, read by scrapes. */
    private volatile State state = new State(0, 0, false, Duration.ZERO, 0);

    private record Key(String label, String pool) {}

    private record State(int heldWikis, int delayed, boolean paused, Duration sinceLastPoll, int partitions) {}

    LaneMeters(Meters meters, BoundedLabel typeLabels, String lane) {
        this.meters = meters;
        this.typeLabels = typeLabels;
        this.tags = Tags.of("lane", lane);
        gauge("jobqueue.wikis.held", "Wikis whose jobs wait: they are read-only, or refuse jobs.", State::heldWikis);
        gauge("jobqueue.jobs.delayed", "Jobs that wait for their time in memory.", State::delayed);
        gauge(
                "jobqueue.lane.paused",
                "1 while the file or an operator has paused the lane, else 0.",
                now -> now.paused() ? 1 : 0);
        gauge(
                "jobqueue.poll.age.seconds",
                "How long ago a poll of the lane last went well.",
                now -> now.sinceLastPoll().toMillis() / (double) TimeUnit.SECONDS.toMillis(1));
        gauge("jobqueue.partitions.owned", "Partitions whose records this lane runs.", State::partitions);
    }

    /** Begins to collect what the lane is like now. */
    public Round refresh() {
        return new Round();
    }

    /** One look at the lane; nothing of it is seen before it is {@linkplain #end ended}. */
    public final class Round {

        private final Map<Key, TypeState> seen = new HashMap<>();
        private final Map<String, TypeState> byLabel = new HashMap<>();
        private final Map<String, BreakerState> breakers = new HashMap<>();
        private @Nullable BreakerState target;
        private int heldWikis;
        private int delayed;
        private boolean paused;

        private Round() {}

        /** What a job type uses of its limit, how old its oldest are, and whether somebody has paused it. */
        public void type(String type, TypeUsage usage, Ages ages, boolean isPaused) {
            String label = typeLabels.of(type);
            // All types of a label share gauges, so of their pools one must stand for all: that of the first.
            TypeState sum =
                    byLabel.computeIfAbsent(label, l -> newState(l, usage.pool().name()));
            sum.use(usage);
            sum.age(ages);
            sum.pause(isPaused);
        }

        /** The breaker of a job type. */
        public void typeBreaker(String type, BreakerState now) {
            breakers.merge(typeLabels.of(type), now, BreakerMeters::together);
        }

        /** The breaker of the target. */
        public void target(BreakerState now) {
            target = now;
        }

        /** How many wikis are held, and how many jobs wait in memory for their time. */
        public void waiting(int wikis, int jobs) {
            heldWikis = wikis;
            delayed = jobs;
        }

        /** Whether somebody has paused the lane as a whole. */
        public void lanePaused(boolean isPaused) {
            paused = isPaused;
        }

        /** Makes it what scrapes read; {@code sinceLastPoll} and {@code partitions} are the poll loop's. */
        public void end(Duration sinceLastPoll, int partitions) {
            seen.forEach((key, now) -> types.computeIfAbsent(
                            key, ignored -> new TypeGauges(meters, tags.and("type", key.label()), key.pool()))
                    .set(now));
            types.forEach((key, gauges) -> {
                if (!seen.containsKey(key)) {
                    gauges.set(new TypeState());
                }
            });
            byLabel.keySet()
                    .forEach(label -> attempts.computeIfAbsent(
                            label, ignored -> new OldestAttempt(meters, tags.and("type", label))));
            attempts.forEach((label, gauge) -> gauge.set(byLabel.getOrDefault(label, new TypeState())));
            breakers.forEach((label, now) -> typeBreakers
                    .computeIfAbsent(
                            label, ignored -> breakerMeters("jobqueue.type.breaker", tags.and("type", label), now))
                    .set(now));
            if (target != null) {
                tellTarget(target);
            }
            state = new State(heldWikis, delayed, paused, sinceLastPoll, partitions);
        }

        private TypeState newState(String label, String pool) {
            TypeState fresh = new TypeState();
            seen.put(new Key(label, pool), fresh);
            return fresh;
        }
    }

    private void tellTarget(BreakerState now) {
        if (targetBreaker == null) {
            targetBreaker = breakerMeters("jobqueue.target.breaker", tags, now);
        }
        targetBreaker.set(now);
    }

    private BreakerMeters breakerMeters(String name, Tags tagsOfBreaker, BreakerState first) {
        return new BreakerMeters(meters, name, tagsOfBreaker, first);
    }

    private void gauge(String name, String description, ToDoubleFunction<State> value) {
        meters.gauge(name, description, tags, this, lane -> value.applyAsDouble(lane.state));
    }
}
