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
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.mediawiki.jobqueue.runner.Job;
import org.mediawiki.jobqueue.runner.Verdict.Scope;

/** The naive model of a lane: lists of what waits and runs, and by counting them, what may start. */
final class LaneBooks {

    private final InstantSource clock;
    private final Map<String, Deque<TestTask>> waiting = new HashMap<>();
    private final List<TestTask> running = new ArrayList<>();
    private final List<Job> occupied = new ArrayList<>();
    private final List<Instant> pacedStarts = new ArrayList<>();

    /** The section on which the wiki of a type lives. */
    private final Map<String, String> homes = new HashMap<>();

    private final ModelBreaker target = new ModelBreaker(() -> waits(name -> true));
    private final Map<String, ModelGate> typeGates = new HashMap<>();
    private final Map<String, ModelGate> wikiGates = new HashMap<>();

    private LaneArrangement arrangement;
    private Fastest fastest;

    /** The fastest rate that was in force within a second before {@code until}, and then the present one. */
    private record Fastest(double rate, Instant until) {}

    LaneBooks(InstantSource clock, LaneArrangement arrangement) {
        this.clock = clock;
        this.arrangement = arrangement;
        this.fastest = new Fastest(0, clock.instant());
    }

    /** From here on {@code next} holds. */
    void arrange(LaneArrangement next) {
        passTime();
        fastest = new Fastest(mostPacedStartsWithinASecond(), clock.instant().plusSeconds(1));
        arrangement = next;
    }

    LaneArrangement arrangement() {
        return arrangement;
    }

    TypeSettings settingsOf(String type) {
        return arrangement.of(type);
    }

    /** {@code job} comes into the lane, or back: its wiki lives where it says. */
    void settle(Job job) {
        homes.put(queueName(job), job.section());
    }

    /** Those that wait of one type and one wiki, first come first; ask anew before each change. */
    Deque<TestTask> queueOf(Job job) {
        passTime();
        return waiting.computeIfAbsent(queueName(job), ignored -> new ArrayDeque<>());
    }

    Collection<Deque<TestTask>> queues() {
        passTime();
        return waiting.values();
    }

    List<TestTask> running() {
        return running;
    }

    /** The jobs that run elsewhere. */
    List<Job> occupied() {
        return occupied;
    }

    void started(TestTask task) {
        queueOf(task.job()).removeFirst();
        running.add(task);
        gates(task.job()).values().forEach(gate -> gate.entered(task, clock.instant()));
        target.entered(task, clock.instant());
        if (isPaced(task.job())) {
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
        return othersLeaveRoom(job) && blockage(job).isEmpty();
    }

    /** What keeps the jobs of its wiki from starting although those of its type go on. */
    Optional<Blockage> blockage(Job job) {
        FinerLimits limits = poolOf(job).finer();
        if (!wikiGate(job.wiki()).admits(clock.instant())) {
            return Optional.of(Blockage.WIKI_HELD);
        }
        if (runningWhere(other -> samePool(job, other) && other.wiki().equals(job.wiki()))
                >= limits.perWiki().orElse(Integer.MAX_VALUE)) {
            return Optional.of(Blockage.WIKI_FULL);
        }
        return sectionIsFull(job) ? Optional.of(Blockage.SECTION_FULL) : Optional.empty();
    }

    /** By what blocks them, how many places the blocked ones of the type take. */
    Map<String, Integer> crowds(String type) {
        Map<String, Integer> crowds = new HashMap<>();
        waiting.values().stream()
                .filter(queue -> !queue.isEmpty())
                .filter(queue -> queue.element().job().type().equals(type))
                .filter(queue -> blockage(queue.element().job()).isPresent())
                .forEach(queue -> crowds.merge(crowdOf(queue.element().job()), placesOf(queue), Integer::sum));
        return crowds;
    }

    private int placesOf(Collection<TestTask> tasks) {
        return tasks.stream()
                .mapToInt(task -> 1 + task.job().body().length() / LaneArrangement.PLACE_BYTES)
                .map(places -> Math.min(places, arrangement.mostBlocked() + 1))
                .sum();
    }

    String crowdOf(Job job) {
        return sectionIsFull(job) ? "section " + homeOf(job) : "wiki " + job.wiki();
    }

    int blockedOf(String type) {
        return crowds(type).values().stream().mapToInt(Integer::intValue).sum();
    }

    /** Whether a slot would be free for some job of the type, if only it were not blocked. */
    boolean goesOn(TestTask task) {
        return othersLeaveRoom(task.job()) && paceSurelyAdmits(task.job());
    }

    private boolean othersLeaveRoom(Job job) {
        Instant now = clock.instant();
        return !isPaused(job)
                && running.size() + occupied.size() < arrangement.concurrency().orElse(Integer.MAX_VALUE)
                && runningWhere(other -> samePool(job, other)) < poolOf(job).concurrency()
                && target.admits(now)
                && typeGate(job.type()).admits(now);
    }

    private boolean sectionIsFull(Job job) {
        return runningWhere(other -> samePool(job, other) && homeOf(other).equals(homeOf(job)))
                >= poolOf(job).finer().perSection().orElse(Integer.MAX_VALUE);
    }

    /** After a whole interval without a start nothing can be said against one. */
    private boolean paceSurelyAdmits(Job job) {
        OptionalDouble rate = poolOf(job).finer().rate();
        if (rate.isEmpty() || pacedStarts.isEmpty()) {
            return true;
        }
        Duration interval = Duration.ofNanos((long) Math.ceil(1e9 / rate.getAsDouble()));
        return !clock.instant().isBefore(pacedStarts.get(pacedStarts.size() - 1).plus(interval));
    }

    int pacedStartsWithinASecond() {
        Instant second = clock.instant().minusSeconds(1);
        return (int) pacedStarts.stream().filter(start -> start.isAfter(second)).count();
    }

    double mostPacedStartsWithinASecond() {
        double present = LaneArrangement.TYPES.stream()
                .map(type -> settingsOf(type).pool())
                .filter(pool -> pool.name().equals(LaneArrangement.PACED))
                .mapToDouble(pool -> pool.finer().rate().orElse(Double.POSITIVE_INFINITY) + 1)
                .max()
                .orElse(0);
        return clock.instant().isBefore(fastest.until()) ? Math.max(present, fastest.rate()) : present;
    }

    private boolean isPaced(Job job) {
        return poolOf(job).name().equals(LaneArrangement.PACED);
    }

    boolean isBelowItsShare(String type) {
        return runningOf(type) < settingsOf(type).pool().share();
    }

    /** Here or elsewhere. */
    int runningOf(String type) {
        return runningWhere(job -> job.type().equals(type));
    }

    int occupiedOf(String type) {
        return (int) occupied.stream().filter(job -> job.type().equals(type)).count();
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
        return typeGate(type).isHeld(clock.instant());
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

    boolean isMomentOfChange() {
        return target.changesAt(clock.instant())
                || Stream.of(typeGates.values(), wikiGates.values())
                        .flatMap(Collection::stream)
                        .anyMatch(gate -> gate.changesAt(clock.instant()));
    }

    private int runningWhere(Predicate<Job> wanted) {
        Stream<Job> here = running.stream().map(TestTask::job);
        return (int) Stream.concat(here, occupied.stream()).filter(wanted).count();
    }

    private Map<Scope, ModelGate> gates(Job job) {
        return Map.of(
                Scope.TYPE, typeGate(job.type()),
                Scope.WIKI, wikiGate(job.wiki()));
    }

    private ModelGate typeGate(String type) {
        return typeGates.computeIfAbsent(
                type, ignored -> new ModelGate(() -> waits(name -> name.startsWith(type + "/"))));
    }

    private ModelGate wikiGate(String wiki) {
        return wikiGates.computeIfAbsent(
                wiki, ignored -> new ModelGate(() -> waits(name -> name.endsWith("/" + wiki))));
    }

    /** Whether somebody waits there who may probe once there is room. */
    private boolean waits(Predicate<String> ofQueue) {
        return waiting.entrySet().stream()
                .filter(queue -> ofQueue.test(queue.getKey()))
                .flatMap(queue -> queue.getValue().stream())
                .anyMatch(task -> !isPaused(task.job()));
    }

    private boolean isPaused(Job job) {
        return arrangement.paused() || settingsOf(job.type()).paused();
    }

    /** What became of holds and breakers up to now, while the present ones waited. */
    private void passTime() {
        Instant now = clock.instant();
        target.pass(now);
        typeGates.values().forEach(gate -> gate.pass(now));
        wikiGates.values().forEach(gate -> gate.pass(now));
    }

    private boolean samePool(Job one, Job other) {
        return poolOf(one).equals(poolOf(other));
    }

    private PoolSettings poolOf(Job job) {
        return settingsOf(job.type()).pool();
    }

    private String homeOf(Job job) {
        return homes.getOrDefault(queueName(job), job.section());
    }

    private static String queueName(Job job) {
        return job.type() + "/" + job.wiki();
    }
}
