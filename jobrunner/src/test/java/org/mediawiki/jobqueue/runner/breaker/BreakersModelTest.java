package org.mediawiki.jobqueue.runner.breaker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mediawiki.jobqueue.runner.Verdict;
import org.mediawiki.jobqueue.runner.Verdict.Hold;
import org.mediawiki.jobqueue.runner.Verdict.Scope;
import org.mediawiki.jobqueue.runner.breaker.BreakerState.Phase;

/** Random calls with random ends: a half-open breaker never lets more through at a time than its probes, and none ever sticks. */
class BreakersModelTest {

    private static final List<String> TYPES = List.of("a", "b", "c");
    private static final List<Verdict> ENDS = List.of(
            Scene.WELL,
            Scene.WELL,
            Scene.UNAVAILABLE,
            Scene.LOST,
            Scene.TIMED_OUT,
            Scene.SICK,
            Scene.REFUSED,
            Scene.NOT_TAKEN,
            new Hold(Scope.WIKI, Duration.ofSeconds(60), "read-only"),
            new Hold(Scope.TYPE, Duration.ofSeconds(60), "HTTP 429"));

    private record Sent(String type, Call call, long number) {}

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void probesAreFewAndNothingSticks(long seed) {
        Random random = new Random(seed);
        Scene scene = new Scene(
                new BreakerSettings(0.5, Duration.ofSeconds(10), 4, Duration.ofSeconds(3), 1 + random.nextInt(3)));
        Run run = new Run(scene, random);
        for (int step = 0; step < 3_000; step++) {
            run.step();
        }
        run.endWell();
    }

    static LongStream seeds() {
        return LongStream.range(0, 50);
    }

    private static final class Run {

        private final Scene scene;
        private final Random random;
        private final List<Sent> out = new ArrayList<>();

        /** The half-open phases and the probes that were out in them, by what is half-open. */
        private final Map<String, BreakerState> phases = new HashMap<>();

        private final Map<String, List<Call>> probes = new HashMap<>();
        private long sent;
        private long judged;

        Run(Scene scene, Random random) {
            this.scene = scene;
            this.random = random;
            TYPES.forEach(scene::type);
        }

        void step() {
            int dice = random.nextInt(100);
            if (dice < 50) {
                send(TYPES.get(random.nextInt(TYPES.size())));
            } else if (dice < 90 && !out.isEmpty()) {
                end(out.remove(random.nextInt(out.size())), ENDS.get(random.nextInt(ENDS.size())));
            } else {
                scene.time.advance(Duration.ofMillis(random.nextInt(random.nextInt(5) == 0 ? 9_000 : 300)));
            }
        }

        /** The target is well from here on: everything closes, whatever came before and although calls hang. */
        void endWell() {
            for (int round = 0; round < 50; round++) {
                scene.time.advance(Duration.ofSeconds(9));
                for (String type : TYPES) {
                    while (scene.admits(type) && !scene.type(type).isClosed()) {
                        scene.call(type, Scene.WELL);
                    }
                    scene.calls(1, type, Scene.WELL);
                }
            }
            TYPES.forEach(type -> assertThat(scene.type(type).state().phase()).isEqualTo(Phase.CLOSED));
            assertThat(scene.breakers.target().phase()).isEqualTo(Phase.CLOSED);

            List.copyOf(out).forEach(hanging -> end(hanging, Scene.WELL));
            scene.breakers.dispose();
            assertThat(judged).as("every call is judged once").isEqualTo(sent);
            assertThat(scene.time.timers()).isZero();
        }

        private void send(String type) {
            if (scene.admits(type)) {
                Call call = scene.send(type);
                out.add(new Sent(type, call, sent++));
                note("type " + type, scene.type(type).state(), call);
                note("target", scene.breakers.target(), call);
            }
        }

        private void end(Sent ended, Verdict verdict) {
            boolean[] heard = new boolean[1];
            ended.call().ended(verdict, judgement -> {
                assertThat(heard[0])
                        .as("call %d is judged twice", ended.number())
                        .isFalse();
                heard[0] = true;
                judged++;
                assertThat(judgement)
                        .satisfiesAnyOf(
                                same -> assertThat(same).isEqualTo(verdict),
                                hold -> assertThat(Finding.of(verdict)).isIn(Finding.OUTAGE, Finding.NOT_TAKEN));
            });
            probes.values().forEach(calls -> calls.remove(ended.call()));
        }

        /** In one half-open phase no more calls are out at once than there are probes, for each time of patience. */
        private void note(String what, BreakerState state, Call call) {
            BreakerState before = phases.put(what, state);
            if (before == null
                    || before.phase() != state.phase()
                    || !before.since().equals(state.since())) {
                probes.put(what, new ArrayList<>());
            }
            if (state.phase() == Phase.HALF_OPEN) {
                List<Call> present = Objects.requireNonNull(probes.get(what));
                present.add(call);
                assertThat(present)
                        .as(what)
                        .hasSizeLessThanOrEqualTo(scene.settings.probes() * roundsSince(state.since()));
            }
            assertThat(state.phase()).as("sent through %s", what).isNotEqualTo(Phase.OPEN);
        }

        private int roundsSince(Instant since) {
            Duration passed = Duration.between(since, scene.time.instant());
            return 1 + (int) passed.dividedBy(UsualDuration.FLOOR);
        }
    }
}
