package org.mediawiki.jobqueue.runner.lane;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Random;
import java.util.function.Predicate;
import org.assertj.core.api.SoftAssertions;
import org.mediawiki.jobqueue.runner.Attempt;
import org.mediawiki.jobqueue.runner.FakeTarget;
import org.mediawiki.jobqueue.runner.FakeTime;
import org.mediawiki.jobqueue.runner.Job;
import org.mediawiki.jobqueue.runner.Verdict.Scope;
import org.mediawiki.jobqueue.runner.verdict.Verdicts;

/** A lane that works on random tasks and, beside it, plain lists and counts that say what it may and must do. */
final class LaneModel {

    private static final Duration READONLY_HOLD = Duration.ofSeconds(10);
    private static final Duration UNREACHABLE_HOLD = Duration.ofSeconds(1);
    private static final double RATE = 3;
    private static final PoolSettings LOW = new PoolSettings("low_traffic_jobs", 5, 0.4, 0);
    private static final Map<String, TypeSettings> TYPES = Map.of(
            "sectioned", type(new PoolSettings("sectioned", 4, 1, 0), OptionalInt.of(2), OptionalInt.empty(), 0),
            "single", type(new PoolSettings("single", 3, 1, 5), OptionalInt.empty(), OptionalInt.of(1), 0),
            "paced", type(new PoolSettings("paced", 4, 1, -1), OptionalInt.empty(), OptionalInt.empty(), RATE),
            "low1", type(LOW, OptionalInt.empty(), OptionalInt.empty(), 0),
            "low2", type(LOW, OptionalInt.of(1), OptionalInt.of(2), 0),
            "low3", type(LOW, OptionalInt.empty(), OptionalInt.empty(), 0),
            "paused",
                    new TypeSettings(
                            LOW,
                            OptionalInt.empty(),
                            OptionalInt.empty(),
                            OptionalDouble.empty(),
                            Duration.ofHours(1),
                            true));
    private static final List<String> NAMES = TYPES.keySet().stream().sorted().toList();

    private final Random random;
    private final FakeTime time = new FakeTime();
    private final FakeTarget target = new FakeTarget();
    private final OptionalInt concurrency;
    private final Lane lane;

    private final Map<String, TestTask> tasks = new HashMap<>();
    private final Map<String, Deque<TestTask>> waiting = new HashMap<>();
    private final List<TestTask> running = new ArrayList<>();
    private final List<Instant> pacedStarts = new ArrayList<>();
    private final ModelGate targetGate = new ModelGate();
    private final Map<String, ModelGate> typeGates = new HashMap<>();
    private final Map<String, ModelGate> wikiGates = new HashMap<>();
    /** What is thrown within a send is swallowed on its way back, so it is kept. */
    private final SoftAssertions violations = new SoftAssertions();

    /** Nothing was held after the step before: where holds end, they do so one after the other. */
    private boolean calm = true;

    private int ended;

    LaneModel(long seed) {
        this.random = new Random(seed);
        this.concurrency = random.nextBoolean() ? OptionalInt.of(4 + random.nextInt(8)) : OptionalInt.empty();
        LaneSettings settings = new LaneSettings("main", concurrency, name -> Objects.requireNonNull(TYPES.get(name)));
        this.lane = new Lane(settings, target, new Verdicts(READONLY_HOLD, UNREACHABLE_HOLD, time)::judge, time);
        target.onSend(job -> violations.check(() -> sent(job)));
    }

    void step() {
        int dice = random.nextInt(100);
        if (dice < 45) {
            submit();
        } else if (dice < 80) {
            if (!running.isEmpty()) {
                finish(running.get(random.nextInt(running.size())), random.nextInt(100));
            }
        } else if (dice < 97) {
            time.advance(Duration.ofMillis(random.nextInt(random.nextInt(10) == 0 ? 8_000 : 400)));
        } else {
            withdraw();
        }
    }

    void check() {
        violations.assertAll();
        assertThat(lane.running()).isEqualTo(running.size());
        assertThat(lane.targetHeld()).isEqualTo(targetGate.isHeld());
        assertThat(lane.heldWikis()).isEqualTo((int)
                wikiGates.values().stream().filter(ModelGate::isHeld).count());
        lane.usage((type, usage) -> {
            assertThat(usage.running()).isEqualTo(runningWhere(job -> job.type().equals(type)));
            assertThat(usage.waiting()).isEqualTo(waitingOf(type));
            assertThat(usage.held()).isEqualTo(gate(typeGates, type).isHeld());
        });
        waiting.values().stream()
                .filter(queue -> !queue.isEmpty())
                .forEach(queue -> assertThat(mayStart(queue.element().job()))
                        .as("%s waits although it may start", queue.element())
                        .isFalse());
        calm = noHolds();
    }

    /** Answers everything with success until nothing but paused jobs waits. */
    void runToTheEnd() {
        for (int round = 0; round < 100_000 && (!running.isEmpty() || somethingMayRun()); round++) {
            if (running.isEmpty()) {
                time.advance(Duration.ofMillis(100));
            } else {
                finish(running.get(0), 0);
            }
            check();
        }
    }

    void checkThatEveryTaskIsAccountedFor() {
        assertThat(lane.running()).isZero();
        assertThat(somethingMayRun()).isFalse();
        int left = lane.withdraw(task -> true).size();
        assertThat(ended + left).isEqualTo(tasks.size());
        assertThat(tasks.values())
                .allSatisfy(task -> assertThat(task.verdicts()).hasSize(task.starts()));
        lane.stopAdmitting();
        assertThat(time.timers()).isZero();
    }

    private void submit() {
        int wiki = random.nextInt(6);
        String type = NAMES.get(random.nextInt(NAMES.size()));
        String name = "t" + tasks.size();
        TestTask task = new TestTask(name, type, "wiki" + wiki, "s" + wiki % 2);
        tasks.put(name, task);
        queueOf(task.job()).addLast(task);
        lane.submit(task);
    }

    private void withdraw() {
        String wiki = "wiki" + random.nextInt(6);
        Predicate<Task> wanted = task -> task.job().wiki().equals(wiki);
        List<Task> withdrawn = lane.withdraw(wanted);
        List<Task> expected = new ArrayList<>();
        waiting.values().forEach(queue -> queue.removeIf(task -> wanted.test(task) && expected.add(task)));
        assertThat(withdrawn).containsExactlyInAnyOrderElementsOf(expected);
        ended += withdrawn.size();
    }

    /** The attempt is over: the model learns of it before the lane does, since the lane starts others at once. */
    private void finish(TestTask task, int dice) {
        running.remove(task);
        FakeTarget.Call call = target.open().stream()
                .filter(open -> open.job().equals(task.job()))
                .findFirst()
                .orElseThrow();
        if (dice < 70) {
            passed(task);
            ended++;
            call.answer(dice < 60 ? 200 : 404);
        } else if (dice < 80) {
            passed(task);
            ended++;
            call.answer(500);
        } else if (dice < 87) {
            held(task, Scope.WIKI, READONLY_HOLD);
            call.answer(423);
            putBack(task);
        } else if (dice < 95) {
            int seconds = 1 + random.nextInt(5);
            held(task, Scope.TYPE, Duration.ofSeconds(seconds));
            call.answer(429, Map.of("retry-after", Integer.toString(seconds)));
            putBack(task);
        } else {
            held(task, Scope.TARGET, UNREACHABLE_HOLD);
            call.complete(new Attempt.NotSent("refused"));
            putBack(task);
        }
    }

    private void putBack(TestTask task) {
        queueOf(task.job()).addFirst(task);
        lane.putBack(task);
    }

    private void passed(TestTask task) {
        gates(task.job()).values().forEach(gate -> gate.passed(task));
    }

    private void held(TestTask task, Scope scope, Duration hold) {
        gates(task.job()).forEach((own, gate) -> {
            if (own == scope) {
                gate.hold(time.instant(), hold);
            } else {
                gate.toldNothing(task);
            }
        });
    }

    /** The lane starts a job: it must be allowed, and it must be the one whose turn it is. */
    private void sent(Job job) {
        TestTask task = Objects.requireNonNull(tasks.get(job.body().toString()));
        assertThat(limitsAdmit(job)).as("%s starts", task).isTrue();
        assertThat(queueOf(job).peekFirst()).as("first of its type and wiki").isSameAs(task);
        if (calm && noHolds()) {
            assertThatNobodyIsPassedOver(job);
        }
        queueOf(job).removeFirst();
        running.add(task);
        gates(job).values().forEach(gate -> gate.entered(task));
        if (job.type().equals("paced")) {
            pacedStarts.add(time.instant());
            Instant second = time.instant().minusSeconds(1);
            assertThat(pacedStarts.stream().filter(start -> start.isAfter(second)))
                    .hasSizeLessThanOrEqualTo((int) RATE + 1);
        }
    }

    private void assertThatNobodyIsPassedOver(Job job) {
        PoolSettings pool = poolOf(job.type());
        boolean aboveShare = runningWhere(other -> other.type().equals(job.type())) >= pool.share();
        waiting.values().stream()
                .filter(queue -> !queue.isEmpty())
                .map(queue -> queue.element().job())
                .filter(this::mayStart)
                .forEach(other -> {
                    PoolSettings others = poolOf(other.type());
                    assertThat(others.priority()).isLessThanOrEqualTo(pool.priority());
                    assertThat(aboveShare
                                    && others.equals(pool)
                                    && runningWhere(o -> o.type().equals(other.type())) < pool.share())
                            .as("%s takes more than its share while %s waits", job.type(), other.type())
                            .isFalse();
                });
    }

    private boolean mayStart(Job job) {
        boolean paced = poolOf(job.type()).name().equals("paced");
        return limitsAdmit(job) && (!paced || paceSurelyAdmits());
    }

    private boolean limitsAdmit(Job job) {
        TypeSettings type = Objects.requireNonNull(TYPES.get(job.type()));
        PoolSettings pool = type.pool();
        Instant now = time.instant();
        return !type.paused()
                && running.size() < concurrency.orElse(Integer.MAX_VALUE)
                && runningWhere(other -> poolOf(other.type()).equals(pool)) < pool.concurrency()
                && runningWhere(other -> sameType(job, other) && other.section().equals(job.section()))
                        < type.perSection().orElse(Integer.MAX_VALUE)
                && runningWhere(other -> sameType(job, other) && other.wiki().equals(job.wiki()))
                        < type.perWiki().orElse(Integer.MAX_VALUE)
                && gates(job).values().stream().allMatch(gate -> gate.admits(now));
    }

    /** After a whole interval without a start nothing can be said against one. */
    private boolean paceSurelyAdmits() {
        Duration interval = Duration.ofNanos((long) Math.ceil(1e9 / RATE));
        return pacedStarts.isEmpty()
                || !time.instant()
                        .isBefore(pacedStarts.get(pacedStarts.size() - 1).plus(interval));
    }

    private boolean somethingMayRun() {
        return waiting.values().stream()
                .flatMap(Deque::stream)
                .anyMatch(task -> !task.job().type().equals("paused"));
    }

    private boolean noHolds() {
        return !targetGate.isHeld()
                && typeGates.values().stream().noneMatch(ModelGate::isHeld)
                && wikiGates.values().stream().noneMatch(ModelGate::isHeld);
    }

    private int runningWhere(Predicate<Job> wanted) {
        return (int) running.stream().map(TestTask::job).filter(wanted).count();
    }

    private int waitingOf(String type) {
        return (int) waiting.values().stream()
                .flatMap(Deque::stream)
                .filter(task -> task.job().type().equals(type))
                .count();
    }

    private Map<Scope, ModelGate> gates(Job job) {
        return Map.of(
                Scope.TARGET, targetGate,
                Scope.TYPE, gate(typeGates, job.type()),
                Scope.WIKI, gate(wikiGates, job.wiki()));
    }

    private Deque<TestTask> queueOf(Job job) {
        return waiting.computeIfAbsent(job.type() + "/" + job.wiki(), ignored -> new ArrayDeque<>());
    }

    private static ModelGate gate(Map<String, ModelGate> gates, String name) {
        return gates.computeIfAbsent(name, ignored -> new ModelGate());
    }

    private static boolean sameType(Job one, Job other) {
        return one.type().equals(other.type());
    }

    private static PoolSettings poolOf(String type) {
        return Objects.requireNonNull(TYPES.get(type)).pool();
    }

    private static TypeSettings type(PoolSettings pool, OptionalInt perSection, OptionalInt perWiki, double rate) {
        return new TypeSettings(
                pool,
                perSection,
                perWiki,
                rate == 0 ? OptionalDouble.empty() : OptionalDouble.of(rate),
                Duration.ofHours(1),
                false);
    }
}
