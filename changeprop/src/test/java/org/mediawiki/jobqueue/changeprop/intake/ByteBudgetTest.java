package org.mediawiki.jobqueue.changeprop.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.mediawiki.jobqueue.runner.FakeTime;

class ByteBudgetTest {

    private static final Duration PATIENCE = Duration.ofSeconds(4);

    private final FakeTime time = new FakeTime();
    private final ByteBudget budget = new ByteBudget(100, time);
    private final List<String> heard = new ArrayList<>();

    @Test
    void letsInWhoFitsAndHasTheOthersWaitInTheirOrder() {
        enter("a", 60);
        enter("b", 50);
        enter("c", 10);
        assertThat(heard).as("nobody overtakes").containsExactly("a in");

        budget.leave(60);

        assertThat(heard).containsExactly("a in", "b in", "c in");
        assertThat(budget.taken()).isEqualTo(60);
    }

    @Test
    void whoIsLargerThanTheBudgetComesInAlone() {
        enter("a", 1);
        enter("giant", 1_000);
        assertThat(heard).containsExactly("a in");

        budget.leave(1);
        enter("b", 1);

        assertThat(heard).containsExactly("a in", "giant in");
        budget.leave(1_000);
        assertThat(heard).containsExactly("a in", "giant in", "b in");
    }

    @Test
    void patienceEndsAndLetsThoseBehindPass() {
        enter("a", 60);
        enter("b", 50);
        time.advance(Duration.ofSeconds(1));
        enter("c", 10);

        time.advance(Duration.ofSeconds(3));

        assertThat(heard).containsExactly("a in", "b away", "c in");
        assertThat(time.timers()).isZero();
    }

    /** Each of them leaves as it comes in. */
    @Test
    void thoseThatHungUpWhileTheyWaitedPassHoweverManyThereAre() {
        int many = 19_999;
        int[] passed = {0};
        enter("a", 100);
        for (int i = 0; i < many; i++) {
            budget.enter(100, PATIENCE, new ByteBudget.Visitor() {
                @Override
                public void admitted() {
                    passed[0]++;
                    budget.leave(100);
                }

                @Override
                public void turnedAway() {
                    throw new AssertionError("there is room for all that wait");
                }
            });
        }
        enter("b", 60);

        budget.leave(100);

        assertThat(passed[0]).isEqualTo(many);
        assertThat(heard).containsExactly("a in", "b in");
        assertThat(budget.taken()).isEqualTo(60);
        assertThat(budget.waiting()).isZero();
        assertThat(time.timers()).isZero();
    }

    @Test
    void neverHoldsMoreThanItsSizeAndForgetsNobody() {
        Random random = new Random(8);
        Deque<Long> inside = new ArrayDeque<>();
        int[] answered = {0};
        for (int step = 1; step <= 20_000; step++) {
            long bytes = 1L + random.nextInt(60);
            budget.enter(bytes, PATIENCE, new ByteBudget.Visitor() {
                @Override
                public void admitted() {
                    answered[0]++;
                    inside.add(bytes);
                }

                @Override
                public void turnedAway() {
                    answered[0]++;
                }
            });
            if (random.nextBoolean() && !inside.isEmpty()) {
                budget.leave(inside.remove());
            }
            time.advance(Duration.ofMillis(random.nextInt(50)));
            assertThat(budget.taken())
                    .isLessThanOrEqualTo(100)
                    .isEqualTo(inside.stream().mapToLong(Long::longValue).sum());
            assertThat(answered[0] + budget.waiting()).isEqualTo(step);
        }
        while (!inside.isEmpty()) {
            budget.leave(inside.remove());
        }
        assertThat(budget.waiting()).isZero();
        assertThat(budget.taken()).isZero();
        assertThat(time.timers()).isZero();
    }

    private void enter(String name, long bytes) {
        budget.enter(bytes, PATIENCE, new ByteBudget.Visitor() {
            @Override
            public void admitted() {
                heard.add(name + " in");
            }

            @Override
            public void turnedAway() {
                heard.add(name + " away");
            }
        });
    }
}
