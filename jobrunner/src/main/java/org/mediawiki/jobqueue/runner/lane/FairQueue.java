package org.mediawiki.jobqueue.runner.lane;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.mediawiki.jobqueue.runner.Job;
import org.mediawiki.jobqueue.runner.Time;
import org.mediawiki.jobqueue.runner.breaker.Breakers;
import org.mediawiki.jobqueue.runner.breaker.Call;

/**
 * Who is next: the tasks that wait, the slots in use, and the turns that lead from the free slot to the task. Knows
 * nothing of requests.
 */
final class FairQueue {

    private final LaneSettings settings;
    private final Runnable onReady;
    private final Holds holds;
    private final Breakers breakers;
    private final SortedMap<Integer, Turns<Pool>> turnsByPriority = new TreeMap<>(Collections.reverseOrder());
    private final Map<String, Pool> pools = new HashMap<>();
    private final Map<String, TypeQueue> types = new HashMap<>();
    private int running;

    /** {@code onReady} runs when a hold, a breaker or a pace lets something start that could not before. */
    FairQueue(LaneSettings settings, Time time, Runnable onReady) {
        this.settings = settings;
        this.onReady = onReady;
        this.holds = new Holds(time, this::wikiAdmitted);
        this.breakers = new Breakers(settings.name(), settings.breaker(), time, onReady);
    }

    void add(Task task) {
        TypeQueue type = typeOf(task.job());
        type.add(task);
        joined(type);
    }

    void addFirst(Task task) {
        TypeQueue type = typeOf(task.job());
        type.addFirst(task);
        joined(type);
    }

    /** Takes the next task that may start, and the slots that it needs; null when none may. */
    @Nullable
    Task next() {
        if (!hasRoom() || !breakers.targetAdmits()) {
            return null;
        }
        for (Turns<Pool> turns : turnsByPriority.values()) {
            Pool pool = turns.peek();
            if (pool != null) {
                turns.used(pool);
                running++;
                return pool.take();
            }
        }
        return null;
    }

    /** Gives back the slots that {@link #next} took for {@code job}. */
    void finished(Job job) {
        TypeQueue type = Objects.requireNonNull(types.get(job.type()));
        running--;
        type.pool().finished();
        type.finished(job);
        joined(type);
    }

    /** Gives back the slots that {@link #next} took for {@code job}, which was not sent. */
    void declined(Job job) {
        finished(job);
    }

    List<Task> withdraw(Predicate<Task> wanted) {
        List<Task> withdrawn = new ArrayList<>();
        types.values().forEach(type -> withdrawn.addAll(type.withdraw(wanted)));
        return withdrawn;
    }

    TypeSettings settingsOf(Job job) {
        return typeOf(job).settings();
    }

    Gate gateOf(Job job) {
        return typeOf(job).gate();
    }

    /** The attempt of a task that {@link #next} gave begins. */
    Call enter(Job job) {
        return breakers.enter(typeOf(job).breaker());
    }

    Breakers breakers() {
        return breakers;
    }

    Holds holds() {
        return holds;
    }

    int running() {
        return running;
    }

    void usage(BiConsumer<String, TypeUsage> each) {
        types.forEach((name, type) -> each.accept(name, type.usage()));
    }

    /** Stops all timers for good. */
    void dispose() {
        holds.dispose();
        breakers.dispose();
        types.values().forEach(TypeQueue::dispose);
    }

    private boolean hasRoom() {
        return settings.concurrency().isEmpty()
                || running < settings.concurrency().getAsInt();
    }

    /** A type whose members changed takes part in the turns, and so does its pool; whether it is ready shows there. */
    private void joined(TypeQueue type) {
        Pool pool = type.pool();
        pool.join(type);
        turnsByPriority
                .computeIfAbsent(pool.settings().priority(), ignored -> new Turns<>())
                .join(pool);
    }

    private void typeAdmitted(TypeQueue type) {
        joined(type);
        onReady.run();
    }

    private void wikiAdmitted(String wiki) {
        for (TypeQueue type : types.values()) {
            type.wikiAdmitted(wiki);
            joined(type);
        }
        onReady.run();
    }

    private TypeQueue typeOf(Job job) {
        return types.computeIfAbsent(job.type(), this::newType);
    }

    private TypeQueue newType(String name) {
        TypeSettings type = settings.types().apply(name);
        Pool pool = pools.computeIfAbsent(type.pool().name(), ignored -> new Pool(type.pool()));
        return new TypeQueue(name, type, pool, holds, breakers, this::typeAdmitted);
    }
}
