package org.mediawiki.jobqueue.runner.lane;

import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.mediawiki.jobqueue.runner.Attempt;
import org.mediawiki.jobqueue.runner.Failure;
import org.mediawiki.jobqueue.runner.Job;
import org.mediawiki.jobqueue.runner.Target;
import org.mediawiki.jobqueue.runner.Time;
import org.mediawiki.jobqueue.runner.Verdict;
import org.mediawiki.jobqueue.runner.Verdict.Hold;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A pool of job types aimed at one target. Starts every task as soon as the limits, the fair turns and the holds let
 * it, sends it, judges the attempt and tells the task.
 *
 * <p>Used on one Vert.x context only. Tasks that wait are bounded by whoever submits them.
 */
public final class Lane {

    private static final Logger LOG = LoggerFactory.getLogger(Lane.class);

    private final LaneSettings settings;
    private final Target target;
    private final Function<Attempt, Verdict> judge;
    private final Time time;
    private final Holds holds;
    private final SortedMap<Integer, Turns<Pool>> turnsByPriority = new TreeMap<>(Collections.reverseOrder());
    private final Map<String, Pool> pools = new HashMap<>();
    private final Map<String, TypeQueue> types = new HashMap<>();
    private boolean admitting = true;
    private boolean starting;
    private int running;

    /** {@code judge} says what an attempt means; it is pure. */
    public Lane(LaneSettings settings, Target target, Function<Attempt, Verdict> judge, Time time) {
        this.settings = settings;
        this.target = target;
        this.judge = judge;
        this.time = time;
        this.holds = new Holds(time, this::startAll, this::wikiAdmitted);
    }

    /** {@code task} wants to run, after those of its wiki and type that came before. */
    public void submit(Task task) {
        TypeQueue type = typeOf(task);
        type.add(task);
        readied(type);
        startAll();
    }

    /** {@code task} was held and wants to run again, before those of its wiki and type that came later. */
    public void putBack(Task task) {
        TypeQueue type = typeOf(task);
        type.addFirst(task);
        readied(type);
        startAll();
    }

    /** Takes back the tasks that have not started and that {@code wanted} accepts. */
    public List<Task> withdraw(Predicate<Task> wanted) {
        List<Task> withdrawn = new ArrayList<>();
        types.values().forEach(type -> withdrawn.addAll(type.withdraw(wanted)));
        return withdrawn;
    }

    /** Nothing starts from here on; what runs goes on to its end. */
    public void stopAdmitting() {
        admitting = false;
        holds.dispose();
        types.values().forEach(TypeQueue::dispose);
    }

    /** How many attempts are under way. */
    public int running() {
        return running;
    }

    /** Whether the target as a whole is held: it could not be reached. */
    public boolean targetHeld() {
        return holds.targetHeld();
    }

    /** How many wikis are held: they are read-only. */
    public int heldWikis() {
        return holds.heldWikis();
    }

    /** Tells {@code each} the use of every job type that was seen. */
    public void usage(BiConsumer<String, TypeUsage> each) {
        types.forEach((name, type) -> each.accept(
                name,
                new TypeUsage(
                        type.running(),
                        type.waiting(),
                        type.pool().settings(),
                        type.pool().running())));
    }

    /** The slots in use and the tasks that wait for one. */
    public record TypeUsage(int running, int waiting, PoolSettings pool, int poolRunning) {}

    /** Starts whatever may start. A call from within, when an attempt ends at once, is left to the loop under way. */
    private void startAll() {
        if (starting) {
            return;
        }
        starting = true;
        try {
            while (admitting && hasRoom() && holds.targetAdmits() && nextPool() instanceof Pool pool) {
                start(pool.take());
            }
        } finally {
            starting = false;
        }
    }

    private boolean hasRoom() {
        return settings.concurrency().isEmpty()
                || running < settings.concurrency().getAsInt();
    }

    private @Nullable Pool nextPool() {
        for (Turns<Pool> turns : turnsByPriority.values()) {
            Pool pool = turns.peek();
            if (pool != null) {
                turns.used(pool);
                return pool;
            }
        }
        return null;
    }

    private void start(Task task) {
        TypeQueue type = typeOf(task);
        Job job = task.job();
        Holds.Probes probes = holds.enter(job.wiki(), type.gate());
        running++;
        task.started();
        send(job, type.settings().timeout()).onComplete(attempt -> finished(task, type, probes, verdictOn(attempt)));
    }

    private Future<Attempt> send(Job job, Duration timeout) {
        try {
            return target.send(job, timeout);
        } catch (RuntimeException e) {
            return Future.failedFuture(e);
        }
    }

    /** The one boundary behind which nothing is unexpected: whatever happens, the slot is given back. */
    private Verdict verdictOn(AsyncResult<Attempt> attempt) {
        try {
            if (attempt.succeeded()) {
                return judge.apply(attempt.result());
            }
            return unexpected(attempt.cause());
        } catch (RuntimeException e) {
            return unexpected(e);
        }
    }

    private static Verdict unexpected(Throwable bug) {
        LOG.error("An attempt ended in a way that it should not: this is a bug", bug);
        return new Verdict.Retry(Failure.withoutAnswer(Failure.Cause.INTERNAL, 500, bug.toString()));
    }

    private void finished(Task task, TypeQueue type, Holds.Probes probes, Verdict verdict) {
        Job job = task.job();
        running--;
        type.pool().finished();
        type.finished(job);
        readied(type);
        Hold hold = verdict instanceof Hold h ? h : null;
        if (hold != null) {
            holds.hold(hold, job.wiki(), type.gate());
        }
        probes.told(hold == null ? null : hold.scope());
        holds.tidy(job.wiki());
        task.finished(verdict);
        startAll();
    }

    private void readied(TypeQueue type) {
        Pool pool = type.pool();
        pool.join(type);
        turnsByPriority
                .computeIfAbsent(pool.settings().priority(), ignored -> new Turns<>())
                .join(pool);
    }

    private void wikiAdmitted(String wiki) {
        for (TypeQueue type : types.values()) {
            type.wikiAdmitted(wiki);
            readied(type);
        }
        startAll();
    }

    private void typeAdmitted(TypeQueue type) {
        readied(type);
        startAll();
    }

    private TypeQueue typeOf(Task task) {
        return types.computeIfAbsent(task.job().type(), this::newType);
    }

    private TypeQueue newType(String name) {
        TypeSettings type = settings.types().apply(name);
        Pool pool = pools.computeIfAbsent(type.pool().name(), ignored -> new Pool(type.pool()));
        return new TypeQueue(type, pool, time, holds, this::typeAdmitted);
    }
}
