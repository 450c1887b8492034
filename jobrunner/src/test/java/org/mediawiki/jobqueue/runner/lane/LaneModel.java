package org.mediawiki.jobqueue.runner.lane;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.Predicate;
import org.assertj.core.api.SoftAssertions;
import org.mediawiki.jobqueue.runner.Attempt;
import org.mediawiki.jobqueue.runner.FakeTarget;
import org.mediawiki.jobqueue.runner.FakeTime;
import org.mediawiki.jobqueue.runner.Job;
import org.mediawiki.jobqueue.runner.Verdict;
import org.mediawiki.jobqueue.runner.Verdict.Scope;
import org.mediawiki.jobqueue.runner.breaker.BreakerState.Phase;
import org.mediawiki.jobqueue.runner.verdict.Verdicts;

/** A lane that works on random tasks, held at every step and at every start to the {@link LaneBooks} beside it. */
final class LaneModel implements TestTask.Owner {

    private static final Duration READONLY_HOLD = Duration.ofSeconds(10);
    private static final Duration UNREACHABLE_HOLD = Duration.ofSeconds(1);

    private final Random random;
    private final FakeTime time = new FakeTime();
    private final FakeTarget target = new FakeTarget();
    private final LaneBooks books;
    private final Lane lane;
    private final Map<String, TestTask> tasks = new HashMap<>();

    /** Who came when; the order among those of one type and wiki. */
    private final Map<TestTask, Integer> arrivals = new HashMap<>();

    private final List<TestTask> outside = new ArrayList<>();
    private final Map<Job, Occupancy> occupancies = new LinkedHashMap<>();

    /** What is thrown within a send is swallowed on its way back, so it is kept. */
    private final SoftAssertions violations = new SoftAssertions();

    /** Nothing was held after the step before: where holds end, they do so one after the other. */
    private boolean calm = true;

    private int arrived;
    private int ended;
    private int occupied;
    private int resettled;

    /** Has no effect but to show that the rules were put to the test. */
    private final Map<Blockage, Integer> turnedAway = new EnumMap<>(Blockage.class);

    LaneModel(long seed) {
        this.random = new Random(seed);
        this.books = new LaneBooks(time, LaneArrangement.usual(random));
        Verdicts verdicts = new Verdicts(READONLY_HOLD, UNREACHABLE_HOLD, time);
        this.lane = new Lane(books.arrangement().settings(), target, verdicts::judge, time);
        target.onSend(job -> violations.check(() -> sent(job)));
    }

    void step() {
        int dice = random.nextInt(100);
        if (dice < 40) {
            submit();
        } else if (dice < 45) {
            comeBack();
        } else if (dice < 80) {
            if (!books.running().isEmpty()) {
                TestTask task =
                        books.running().get(random.nextInt(books.running().size()));
                finish(task, random.nextInt(100));
            }
        } else if (dice < 94) {
            time.advance(Duration.ofMillis(random.nextInt(random.nextInt(10) == 0 ? 8_000 : 400)));
        } else if (dice < 97) {
            occupyOrVacate();
        } else if (dice < 99) {
            withdraw();
        } else if (random.nextBoolean()) {
            arrange(LaneArrangement.any(random));
        } else {
            resettle();
        }
    }

    void check() {
        violations.assertAll();
        assertThat(lane.running()).isEqualTo(books.running().size());
        assertThat(lane.targetBreaker().phase() != Phase.CLOSED).isEqualTo(books.isTargetHeld());
        assertThat(lane.heldWikis()).isEqualTo(books.heldWikis());
        lane.usage((type, usage) -> {
            assertThat(usage.running()).isEqualTo(books.runningOf(type) - books.occupiedOf(type));
            assertThat(usage.occupied()).isEqualTo(books.occupiedOf(type));
            assertThat(usage.waiting()).isEqualTo(books.waitingOf(type));
            assertThat(usage.held()).isEqualTo(books.isTypeHeld(type));
        });
        assertThat(books.whoMayStart()).as("wait although they may start").isEmpty();
        checkThatNobodyIsInTheWay();
        calm = books.nothingIsHeld();
    }

    /** Answers everything with success until nothing but paused jobs waits. */
    void runToTheEnd() {
        arrange(LaneArrangement.usual(random));
        check();
        while (!occupancies.isEmpty()) {
            vacate();
            check();
        }
        for (int round = 0; round < 100_000 && (!books.running().isEmpty() || somethingWaits()); round++) {
            if (books.running().isEmpty()) {
                time.advance(Duration.ofMillis(100));
                comeBack();
            } else {
                finish(books.running().get(0), 0);
            }
            check();
        }
    }

    void checkThatEveryTaskIsAccountedFor() {
        assertThat(lane.running()).isZero();
        assertThat(somethingWaits()).isFalse();
        int left = lane.withdraw(task -> true).size();
        assertThat(ended + left).isEqualTo(tasks.size());
        assertThat(tasks.values())
                .allSatisfy(task -> assertThat(task.verdicts()).hasSize(task.starts()));
        lane.stopAdmitting();
        assertThat(time.timers()).isZero();
    }

    private void submit() {
        String name = "t" + tasks.size();
        TestTask task = anyTask(name).withBodyOf(bodyBytes());
        tasks.put(name, task);
        submit(task);
    }

    private TestTask anyTask(String name) {
        int wiki = random.nextInt(6);
        List<String> types = LaneArrangement.TYPES;
        return new TestTask(
                name, types.get(random.nextInt(types.size())), "wiki" + wiki, "s" + (wiki + resettled) % 3 % 2, this);
    }

    /** Other limits, pools, pauses: the books learn of them first, since the lane starts whatever may. */
    private void arrange(LaneArrangement next) {
        books.arrange(next);
        lane.reconfigure(next.settings());
    }

    /** What comes from here on says another section for some wikis. */
    private void resettle() {
        resettled++;
    }

    /** Most take one place, some more, and some all that there are. */
    private int bodyBytes() {
        return random.nextInt(4) > 0 ? 10 : random.nextInt(10 * LaneArrangement.PLACE_BYTES);
    }

    private void submit(TestTask task) {
        arrivals.put(task, arrived++);
        books.queueOf(task.job()).addLast(task);
        books.settle(task.job());
        lane.submit(task);
    }

    /** One that was turned away wants to run again. */
    private void comeBack() {
        if (!outside.isEmpty()) {
            submit(outside.remove(random.nextInt(outside.size())));
        }
    }

    /** Jobs that run elsewhere come in bursts, whether there is room or not, and end one by one. */
    private void occupyOrVacate() {
        if (occupancies.isEmpty() || random.nextInt(4) == 0) {
            for (int jobs = random.nextInt(6); jobs > 0; jobs--) {
                Job job = anyTask("elsewhere" + occupied++).job();
                books.occupied().add(job);
                books.settle(job);
                occupancies.put(job, lane.occupy(job));
                check();
            }
        } else {
            vacate();
        }
    }

    private void vacate() {
        Job job = occupancies.keySet().iterator().next();
        Occupancy occupancy = Objects.requireNonNull(occupancies.remove(job));
        books.occupied().remove(job);
        occupancy.vacate();
        occupancy.vacate();
    }

    private void withdraw() {
        String wiki = "wiki" + random.nextInt(6);
        Predicate<Task> wanted = task -> task.job().wiki().equals(wiki);
        List<Task> withdrawn = lane.withdraw(wanted);
        List<Task> expected = new ArrayList<>();
        books.queues().forEach(queue -> queue.removeIf(task -> wanted.test(task) && expected.add(task)));
        assertThat(withdrawn).containsExactlyInAnyOrderElementsOf(expected);
        ended += withdrawn.size();
    }

    /** The attempt is over: the books learn of it before the lane does, since the lane starts others at once. */
    private void finish(TestTask task, int dice) {
        FakeTarget.Call call = target.open().stream()
                .filter(open -> open.job().equals(task.job()))
                .findFirst()
                .orElseThrow();
        if (dice < 80) {
            books.passed(task, dice < 60 || dice >= 70);
            ended++;
            call.answer(dice < 60 ? 200 : dice < 70 ? 404 : 500);
            return;
        }
        if (dice < 87) {
            books.held(task, Scope.WIKI, READONLY_HOLD);
            call.answer(423);
        } else if (dice < 95) {
            int seconds = 1 + random.nextInt(5);
            books.held(task, Scope.TYPE, Duration.ofSeconds(seconds));
            call.answer(429, Map.of("retry-after", Integer.toString(seconds)));
        } else {
            books.held(task, Scope.TARGET, UNREACHABLE_HOLD);
            call.complete(new Attempt.NotSent("refused"));
        }
    }

    /** Some find out that they need not run, and leave their slot to the next. */
    @Override
    public boolean start(TestTask task) {
        violations.check(() -> mayStart(task));
        if (random.nextInt(8) > 0) {
            return true;
        }
        books.queueOf(task.job()).removeFirst();
        ended++;
        return false;
    }

    /** What was held goes to the place that it had, before all that came later. */
    @Override
    public void finished(TestTask task, Verdict verdict) {
        if (verdict instanceof Verdict.Hold) {
            Deque<TestTask> queue = books.queueOf(task.job());
            queue.addFirst(task);
            List<TestTask> sorted = new ArrayList<>(queue);
            sorted.sort(Comparator.comparing(arrivals::get));
            queue.clear();
            queue.addAll(sorted);
            books.settle(task.job());
            lane.putBack(task);
        }
    }

    @Override
    public void turnedAway(TestTask task, Duration wait, Blockage why) {
        violations.check(() -> mayBeTurnedAway(task, wait, why));
        books.queueOf(task.job()).removeLast();
        outside.add(task);
        turnedAway.merge(why, 1, Integer::sum);
    }

    private void mayBeTurnedAway(TestTask task, Duration wait, Blockage why) {
        String type = task.job().type();
        assertThat(books.queueOf(task.job()).peekLast()).as("last of its wiki").isSameAs(task);
        assertThat(books.arrangement().paused()).isFalse();
        assertThat(wait).isBetween(ReturnTimes.LEAST_WAIT, ReturnTimes.MOST_WAIT);
        if (books.isMomentOfChange()) {
            return;
        }
        assertThat(books.blockedOf(type)).as("blocked ones of %s", type).isGreaterThan(mostBlocked());
        assertThat(books.blockage(task.job())).as("what blocks %s", task).contains(why);
        if (books.goesOn(task)) {
            Map<String, Integer> crowds = books.crowds(type);
            assertThat(crowds.get(books.crowdOf(task.job()))).isEqualTo(Collections.max(crowds.values()));
        }
    }

    /** Of a type that goes on, few are blocked, so that what is behind them comes into the lane. */
    private void checkThatNobodyIsInTheWay() {
        books.queues().stream()
                .flatMap(Deque::stream)
                .filter(books::goesOn)
                .forEach(task -> assertThat(books.blockedOf(task.job().type())).isLessThanOrEqualTo(mostBlocked()));
    }

    private void mayStart(TestTask task) {
        assertThat(books.limitsAdmit(task.job())).as("%s starts", task).isTrue();
        assertThat(books.queueOf(task.job()).peekFirst())
                .as("first of its type and wiki")
                .isSameAs(task);
    }

    /** The lane starts a job: it must be allowed, and it must be the one whose turn it is. */
    private void sent(Job job) {
        TestTask task = Objects.requireNonNull(tasks.get(job.body().toString().strip()));
        mayStart(task);
        if (calm && books.nothingIsHeld()) {
            books.whoMayStart().forEach(other -> assertThatMayGoBefore(job, other.job()));
        }
        books.started(task);
        assertThat(books.pacedStartsWithinASecond())
                .isLessThanOrEqualTo((int) Math.min(Integer.MAX_VALUE, books.mostPacedStartsWithinASecond()));
    }

    private void assertThatMayGoBefore(Job job, Job other) {
        PoolSettings pool = books.settingsOf(job.type()).pool();
        PoolSettings othersPool = books.settingsOf(other.type()).pool();
        assertThat(othersPool.priority()).isLessThanOrEqualTo(pool.priority());
        if (othersPool.equals(pool) && books.isBelowItsShare(other.type())) {
            assertThat(books.isBelowItsShare(job.type()))
                    .as("%s takes more than its share while %s waits", job.type(), other.type())
                    .isTrue();
        }
    }

    private int mostBlocked() {
        return books.arrangement().mostBlocked();
    }

    /** How often, and for what, a task was turned away. */
    Map<Blockage, Integer> turnedAway() {
        return turnedAway;
    }

    private boolean somethingWaits() {
        return !outside.isEmpty()
                || books.queues().stream()
                        .flatMap(queue -> queue.stream())
                        .anyMatch(task -> !books.settingsOf(task.job().type()).paused());
    }
}
