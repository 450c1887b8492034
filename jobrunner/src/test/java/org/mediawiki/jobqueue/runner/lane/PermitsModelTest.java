package org.mediawiki.jobqueue.runner.lane;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mediawiki.jobqueue.runner.Attempt;
import org.mediawiki.jobqueue.runner.FakeTarget;
import org.mediawiki.jobqueue.runner.FakeTime;
import org.mediawiki.jobqueue.runner.Job;
import org.mediawiki.jobqueue.runner.Verdict;
import org.mediawiki.jobqueue.runner.breaker.BreakerSettings;
import org.mediawiki.jobqueue.runner.verdict.Verdicts;

/**
 * No path leaks a permit (SPEC guarantee 3): whatever attempts end in, and whoever throws, afterwards every slot of
 * every limit can be taken; the seed is the parameter.
 */
class PermitsModelTest {

    private static final int WIKIS = 6;
    private static final int SECTIONS = 3;
    private static final OptionalInt NONE = OptionalInt.empty();
    private static final PoolSettings LOW = pool("low", 4, NONE, NONE);
    private static final Map<String, PoolSettings> POOLS = Map.of(
            "sectioned",
            pool("sectioned", 6, OptionalInt.of(2), NONE),
            "perWiki",
            pool("perWiki", 5, NONE, OptionalInt.of(1)),
            "low1",
            LOW,
            "low2",
            LOW);
    private static final List<String> TYPES = POOLS.keySet().stream().sorted().toList();
    private static final BreakerSettings BREAKER =
            new BreakerSettings(0.5, Duration.ofSeconds(10), 4, Duration.ofSeconds(3), 2);

    @ParameterizedTest
    @MethodSource("seeds")
    void everySlotCanBeTakenAfterwards(long seed) {
        Run run = new Run(seed, seed % 2 == 0 ? NONE : OptionalInt.of(12));
        run.steps(600);
        run.recover();
        run.assertThatAllSlotsCanBeTaken();

        run.steps(200);
        run.closeUnderLoad();
    }

    static LongStream seeds() {
        return LongStream.range(0, 60);
    }

    private static final class Run implements TestTask.Owner {

        private final Random random;
        private final FakeTime time = new FakeTime();
        private final FakeTarget target = new FakeTarget();
        private final Verdicts verdicts = new Verdicts(Duration.ofSeconds(10), Duration.ofSeconds(1), time);
        private final List<TestTask> tasks = new ArrayList<>();
        private final List<Occupancy> occupancies = new ArrayList<>();
        private final OptionalInt concurrency;
        private final Lane lane;
        private boolean calm;

        Run(long seed, OptionalInt concurrency) {
            this.random = new Random(seed);
            this.concurrency = concurrency;
            this.lane = new Lane(
                    new LaneSettings(
                            "main",
                            concurrency,
                            new MostBlocked(seed % 3 == 0 ? 4 : 10_000),
                            BREAKER,
                            name -> new TypeSettings(
                                    Objects.requireNonNull(POOLS.get(name)), Duration.ofHours(1), BREAKER, false)),
                    target,
                    this::judge,
                    time);
            target.onSend(job -> mishap(20, "the target is broken"));
        }

        void steps(int count) {
            calm = false;
            for (int step = 0; step < count; step++) {
                step(random.nextInt(100));
                assertThat(lane.running()).isEqualTo(target.open().size());
            }
        }

        /**
         * All is well from here on, for long enough that holds and breakers are over. No wiki is ever idle: what nobody
         * uses is forgotten, leaks and all.
         */
        void recover() {
            calm = true;
            occupancies.forEach(Occupancy::vacate);
            for (int round = 0; round < 60; round++) {
                submitEverywhere();
                target.open().forEach(call -> call.answer(200));
                time.advance(Duration.ofSeconds(9));
            }
        }

        void assertThatAllSlotsCanBeTaken() {
            submitEverywhere();
            assertThat(lane.running()).isEqualTo(target.open().size());
            if (concurrency.isPresent()) {
                assertThat(target.open()).hasSize(concurrency.getAsInt());
                return;
            }
            assertThat(open("sectioned")).hasSize(6);
            assertThat(open("perWiki")).hasSize(5);
            assertThat(open("low1").size() + open("low2").size()).isEqualTo(4);
            for (int section = 0; section < SECTIONS; section++) {
                String name = "s" + section;
                assertThat(open("sectioned"))
                        .filteredOn(job -> job.section().equals(name))
                        .hasSize(2);
            }
        }

        /** What runs goes on to any end; nothing starts, and every attempt is told once. */
        void closeUnderLoad() {
            lane.stopAdmitting();
            calm = true;
            target.open().forEach(this::end);
            assertThat(lane.running()).isZero();
            lane.withdraw(task -> true);
            time.advance(Duration.ofMinutes(1));
            assertThat(target.open()).isEmpty();
            assertThat(time.timers()).isZero();
            assertThat(tasks)
                    .allSatisfy(
                            task -> assertThat(task.verdicts()).as("%s", task).hasSize(task.starts()));
        }

        private void step(int dice) {
            if (dice < 45) {
                submit(TYPES.get(random.nextInt(TYPES.size())), random.nextInt(WIKIS));
            } else if (dice < 85 && lane.running() > 0) {
                end(target.open().get(random.nextInt(target.open().size())));
            } else if (dice < 93) {
                time.advance(Duration.ofMillis(random.nextInt(random.nextInt(5) == 0 ? 9_000 : 300)));
            } else if (dice < 95) {
                occupancies.add(lane.occupy(anyJob()));
            } else if (dice < 97 && !occupancies.isEmpty()) {
                occupancies.remove(random.nextInt(occupancies.size())).vacate();
            } else {
                String wiki = "wiki" + random.nextInt(WIKIS);
                lane.withdraw(task -> task.job().wiki().equals(wiki));
            }
        }

        private void submitEverywhere() {
            for (String type : TYPES) {
                for (int wiki = 0; wiki < WIKIS; wiki++) {
                    submit(type, wiki);
                }
            }
        }

        private void submit(String type, int wiki) {
            TestTask task = task("t" + tasks.size(), type, wiki);
            tasks.add(task);
            lane.submit(task);
        }

        private Job anyJob() {
            return task("elsewhere", TYPES.get(random.nextInt(TYPES.size())), random.nextInt(WIKIS))
                    .job();
        }

        private TestTask task(String name, String type, int wiki) {
            return new TestTask(name, type, "wiki" + wiki, "s" + wiki % SECTIONS, this);
        }

        private void end(FakeTarget.Call call) {
            switch (random.nextInt(10)) {
                case 0 -> call.answer(423);
                case 1 -> call.answer(429, Map.of("retry-after", "2"));
                case 2 -> call.answer(503);
                case 3 -> call.answer(500);
                case 4 -> call.complete(new Attempt.TimedOut("too late"));
                case 5 -> call.complete(new Attempt.Lost("reset"));
                case 6 -> call.complete(new Attempt.NotSent("refused", random.nextBoolean()));
                case 7 -> call.promise().fail("a bug");
                default -> call.answer(200);
            }
        }

        private Verdict judge(Attempt attempt) {
            mishap(30, "the judge is broken");
            return verdicts.judge(attempt);
        }

        @Override
        public boolean start(TestTask task) {
            mishapOnce(task);
            return calm || random.nextInt(8) > 0;
        }

        @Override
        public void finished(TestTask task, Verdict verdict) {
            if (verdict instanceof Verdict.Hold) {
                lane.putBack(task);
            }
        }

        @Override
        public void turnedAway(TestTask task, Duration wait, Blockage why) {
            mishap(10, "the task is broken");
        }

        private void mishapOnce(TestTask task) {
            if (!calm && random.nextInt(20) == 0) {
                task.expectVerdictWithoutStart();
                throw new IllegalStateException("the task is broken");
            }
        }

        private void mishap(int oneIn, String what) {
            if (!calm && random.nextInt(oneIn) == 0) {
                throw new IllegalStateException(what);
            }
        }

        private List<Job> open(String type) {
            return target.open().stream()
                    .map(FakeTarget.Call::job)
                    .filter(job -> job.type().equals(type))
                    .toList();
        }
    }

    private static PoolSettings pool(String name, int concurrency, OptionalInt perSection, OptionalInt perWiki) {
        return new PoolSettings(name, concurrency, 1, 0, new FinerLimits(perSection, perWiki, OptionalDouble.empty()));
    }
}
