package org.mediawiki.jobqueue.runner.lane;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.Predicate;
import org.mediawiki.jobqueue.runner.Job;
import org.mediawiki.jobqueue.runner.Verdict.Scope;

/** The naive model of a lane: lists of what waits and runs, and by counting them, what may start. */
final class LaneBooks {

    /** Of the type {@code paced}, in starts a second. */
    static final double RATE = 3;

    private static final OptionalInt NONE = OptionalInt.empty();
    private static final PoolSettings LOW = new PoolSettings("low_traffic_jobs", 5, 0.4, 0);
    private static final Map<String, TypeSettings> TYPES = Map.of(
            "sectioned", type(new PoolSettings("sectioned", 4, 1, 0), OptionalInt.of(2), NONE, 0, false),
            "single", type(new PoolSettings("single", 3, 1, 5), NONE, OptionalInt.of(1), 0, false),
            "paced", type(new PoolSettings("paced", 4, 1, -1), NONE, NONE, RATE, false),
            "low1", type(LOW, NONE, NONE, 0, false),
            "low2", type(LOW, OptionalInt.of(1), OptionalInt.of(2), 0, false),
            "low3", type(LOW, NONE, NONE, 0, false),
            "paused", type(LOW, NONE, NONE, 0, true));

    private final InstantSource clock;
    private final int concurrency;
    private final Map<String, Deque<TestTask>> waiting = new HashMap<>();
    private final List<TestTask> running = new ArrayList<>();
    private final List<Instant> pacedStarts = new ArrayList<>();
    private final ModelBreaker target = new ModelBreaker();
    private final Map<String, ModelGate> typeGates = new HashMap<>();
    private final Map<String, ModelGate> wikiGates = new HashMap<>();

    LaneBooks(InstantSource clock, OptionalInt concurrency) {
        this.clock = clock;
        this.concurrency = concurrency.orElse(Integer.MAX_VALUE);
    }

    static List<String> types() {
        return TYPES.keySet().stream().sorted().toList();
    }

    static TypeSettings settingsOf(String type) {
        return Objects.requireNonNull(TYPES.get(type));
    }

    /** Those that wait of one type and one wiki, first come first. */
    Deque<TestTask> queueOf(Job job) {
        return waiting.computeIfAbsent(job.type() + "/" + job.wiki(), ignored -> new ArrayDeque<>());
    }

    Collection<Deque<TestTask>> queues() {
        return waiting.values();
    }

    List<TestTask> running() {
        return running;
    }

    void started(TestTask task) {
        queueOf(task.job()).removeFirst();
        running.add(task);
        gates(task.job()).values().forEach(gate -> gate.entered(task, clock.instant()));
        target.entered(task, clock.instant());
        if (task.job().type().equals("paced")) {
            pacedStarts.add(clock.instant());
        }
    }

    /** {@code targetIsWell}: the answer says so, and is not the job's own fault. */
    void passed(TestTask task, boolean targetIsWell) {
        running.remove(task);
        if (targetIsWell) {
            target.succeeded(task, clock.instant());
        } else {
            target.toldNothing(task, clock.instant());
        }
        gates(task.job()).values().forEach(gate -> gate.passed(task, clock.instant()));
    }

    void held(TestTask task, Scope scope, Duration hold) {
        running.remove(task);
        if (scope == Scope.TARGET) {
            target.unreachable(task, clock.instant(), hold);
        } else {
            target.toldNothing(task, clock.instant());
        }
        gates(task.job()).forEach((own, gate) -> {
            if (own == scope) {
                gate.hold(clock.instant(), hold);
            } else {
                gate.toldNothing(task, clock.instant());
            }
        });
    }

    /** The first of every type and wiki that nothing keeps from starting. */
    List<TestTask> whoMayStart() {
        return waiting.values().stream()
                .filter(queue -> !queue.isEmpty())
                .map(Deque::element)
                .filter(task -> limitsAdmit(task.job()) && paceSurelyAdmits(task.job()))
                .toList();
    }

    boolean limitsAdmit(Job job) {
        TypeSettings type = settingsOf(job.type());
        Instant now = clock.instant();
        return !type.paused()
                && running.size() < concurrency
                && runningWhere(other -> settingsOf(other.type()).pool().equals(type.pool()))
                        < type.pool().concurrency()
                && runningWhere(other -> sameType(job, other) && other.section().equals(job.section()))
                        < type.perSection().orElse(Integer.MAX_VALUE)
                && runningWhere(other -> sameType(job, other) && other.wiki().equals(job.wiki()))
                        < type.perWiki().orElse(Integer.MAX_VALUE)
                && target.admits(now)
                && gates(job).values().stream().allMatch(gate -> gate.admits(now));
    }

    /** After a whole interval without a start nothing can be said against one. */
    private boolean paceSurelyAdmits(Job job) {
        Duration interval = Duration.ofNanos((long) Math.ceil(1e9 / RATE));
        return !job.type().equals("paced")
                || pacedStarts.isEmpty()
                || !clock.instant()
                        .isBefore(pacedStarts.get(pacedStarts.size() - 1).plus(interval));
    }

    int pacedStartsWithinASecond() {
        Instant second = clock.instant().minusSeconds(1);
        return (int) pacedStarts.stream().filter(start -> start.isAfter(second)).count();
    }

    boolean isBelowItsShare(String type) {
        return runningOf(type) < settingsOf(type).pool().share();
    }

    int runningOf(String type) {
        return runningWhere(job -> job.type().equals(type));
    }

    int waitingOf(String type) {
        return (int) waiting.values().stream()
                .flatMap(Deque::stream)
                .filter(task -> task.job().type().equals(type))
                .count();
    }

    boolean isTargetHeld() {
        return target.isHeld(clock.instant());
    }

    boolean isTypeHeld(String type) {
        return gate(typeGates, type).isHeld(clock.instant());
    }

    int heldWikis() {
        return (int) wikiGates.values().stream()
                .filter(gate -> gate.isHeld(clock.instant()))
                .count();
    }

    boolean nothingIsHeld() {
        return !isTargetHeld()
                && heldWikis() == 0
                && typeGates.keySet().stream().noneMatch(this::isTypeHeld);
    }

    private int runningWhere(Predicate<Job> wanted) {
        return (int) running.stream().map(TestTask::job).filter(wanted).count();
    }

    private Map<Scope, ModelGate> gates(Job job) {
        return Map.of(
                Scope.TYPE, gate(typeGates, job.type()),
                Scope.WIKI, gate(wikiGates, job.wiki()));
    }

    private static ModelGate gate(Map<String, ModelGate> gates, String name) {
        return gates.computeIfAbsent(name, ignored -> new ModelGate());
    }

    private static boolean sameType(Job one, Job other) {
        return one.type().equals(other.type());
    }

    private static TypeSettings type(
            PoolSettings pool, OptionalInt perSection, OptionalInt perWiki, double rate, boolean paused) {
        OptionalDouble perSecond = rate == 0 ? OptionalDouble.empty() : OptionalDouble.of(rate);
        return new TypeSettings(
                pool, perSection, perWiki, perSecond, Duration.ofHours(1), ModelBreaker.SETTINGS, paused);
    }
}
