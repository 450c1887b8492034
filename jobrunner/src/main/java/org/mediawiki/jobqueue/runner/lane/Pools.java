package org.mediawiki.jobqueue.runner.lane;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.mediawiki.jobqueue.runner.Time;

/** The pools of a lane, and the turns that they take: those of a higher priority first. */
final class Pools {

    private final Time time;
    private final Runnable onReady;

    /** Of the pools that were before: a change of settings makes nobody's pace begin anew. */
    private final Map<String, StartRateLimiter> formerRateLimiters;

    private final SortedMap<Integer, RoundRobin<Pool>> turnsByPriority = new TreeMap<>(Collections.reverseOrder());
    private final Map<String, Pool> pools = new HashMap<>();

    /** {@code onReady} runs when a pace lets something start that could not before. */
    Pools(Time time, Runnable onReady) {
        this(time, onReady, Map.of());
    }

    private Pools(Time time, Runnable onReady, Map<String, StartRateLimiter> formerRateLimiters) {
        this.time = time;
        this.onReady = onReady;
        this.formerRateLimiters = formerRateLimiters;
    }

    /** Those that come after these; empty. {@linkplain #dispose Dispose} of these. */
    Pools successors() {
        Map<String, StartRateLimiter> rateLimiters = new HashMap<>(formerRateLimiters);
        pools.forEach((name, pool) -> rateLimiters.put(name, pool.rateLimiter()));
        return new Pools(time, onReady, rateLimiters);
    }

    /** The pool of that name, as whoever asked first wants it. */
    Pool of(PoolSettings settings) {
        return pools.computeIfAbsent(settings.name(), ignored -> newPool(settings));
    }

    /** The pool whose turn it is; null when none could use a slot. Its turn is not used up. */
    @Nullable
    Pool next() {
        for (RoundRobin<Pool> turns : turnsByPriority.values()) {
            Pool pool = turns.peek();
            if (pool != null) {
                return pool;
            }
        }
        return null;
    }

    /** A task of {@code type} is sent: its pool's turn is used up. */
    void started(TypeQueue type) {
        turnsOf(type.pool()).used(type.pool());
        type.pool().started(type);
    }

    /** A type whose members changed takes part in the turns, and so does its pool; whether it is ready shows there. */
    void awake(TypeQueue type) {
        type.pool().join(type);
        turnsOf(type.pool()).join(type.pool());
    }

    /** Stops all timers that are set. */
    void dispose() {
        pools.values().forEach(Pool::dispose);
    }

    private Pool newPool(PoolSettings settings) {
        StartRateLimiter former = formerRateLimiters.getOrDefault(settings.name(), StartRateLimiter.UNLIMITED);
        Pool pool = new Pool(settings, former.changedTo(settings.finer().rate()), time, this::admitted);
        pool.awaitRate();
        return pool;
    }

    private void admitted(Pool pool) {
        turnsOf(pool).join(pool);
        onReady.run();
    }

    private RoundRobin<Pool> turnsOf(Pool pool) {
        return turnsByPriority.computeIfAbsent(pool.settings().priority(), ignored -> new RoundRobin<>());
    }
}
