package org.mediawiki.jobqueue.runner.breaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mediawiki.jobqueue.runner.breaker.Scene.LOST;
import static org.mediawiki.jobqueue.runner.breaker.Scene.TIMED_OUT;
import static org.mediawiki.jobqueue.runner.breaker.Scene.UNAVAILABLE;
import static org.mediawiki.jobqueue.runner.breaker.Scene.WELL;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.mediawiki.jobqueue.runner.Verdict;
import org.mediawiki.jobqueue.runner.Verdict.Hold;

/** Which failed attempts cost their job an attempt (SPEC guarantee 7). */
class PendingFailuresTest {

    private static final int MINIMUM = BreakerSettings.DEFAULT.minimumCalls();

    private final Scene scene = new Scene();
    private final List<Verdict> judged = new ArrayList<>();

    @Test
    void aLoneFailureCountsAfterAWhile() {
        scene.send("a").ended(UNAVAILABLE, judged::add);
        scene.time.advance(Duration.ofSeconds(5));
        assertThat(judged).isEmpty();
        scene.time.advance(Duration.ofSeconds(1));
        assertThat(judged).containsExactly(UNAVAILABLE);
    }

    @Test
    void whereTheTargetHasAnsweredSinceALoneFailureCountsSoon() {
        scene.send("a").ended(UNAVAILABLE, judged::add);
        scene.call("b", WELL);
        scene.time.advance(Duration.ofMillis(400));
        assertThat(judged).isEmpty();
        scene.time.advance(Duration.ofMillis(600));
        assertThat(judged).containsExactly(UNAVAILABLE);
    }

    @Test
    void itCountsAsSoonAsTheTargetAnswersAnyCall() {
        scene.send("a").ended(UNAVAILABLE, judged::add);
        scene.time.advance(Duration.ofSeconds(2));
        assertThat(judged).isEmpty();
        scene.call("b", Scene.SICK);
        assertThat(judged).containsExactly(UNAVAILABLE);
    }

    @Test
    void whereJobsAreRareNoFailureOfALongOutageCounts() {
        for (int i = 0; i < MINIMUM; i++) {
            scene.send("a").ended(UNAVAILABLE, judged::add);
            scene.time.advance(Duration.ofSeconds(4));
        }
        assertThat(judged).hasSize(MINIMUM).allMatch(Hold.class::isInstance);
    }

    @Test
    void aFailureCountsAsSoonAsALaterCallOfTheTypeGoesWell() {
        scene.send("a").ended(UNAVAILABLE, judged::add);
        scene.call("b", WELL);
        assertThat(judged).isEmpty();
        scene.call("a", WELL);
        assertThat(judged).containsExactly(UNAVAILABLE);
    }

    @Test
    void aCallThatWasSentBeforeSaysNothingOfTheFailure() {
        Call before = scene.send("a");
        scene.time.advance(Duration.ofMillis(1));
        scene.send("a").ended(UNAVAILABLE, judged::add);
        before.ended(WELL, verdict -> {});
        assertThat(judged).isEmpty();
    }

    @Test
    void noFailureOfAnOutageCounts() {
        for (int i = 0; i < MINIMUM; i++) {
            scene.send("a").ended(UNAVAILABLE, judged::add);
            scene.time.advance(Duration.ofMillis(100));
        }
        assertThat(judged).hasSize(MINIMUM).allMatch(Hold.class::isInstance);
    }

    @Test
    void whereJobsAreRarerStillEachFailureCountsUntilTheBreakerOpens() {
        for (int i = 0; i < MINIMUM; i++) {
            scene.send("a").ended(UNAVAILABLE, judged::add);
            scene.time.advance(Duration.ofSeconds(6));
        }
        assertThat(judged).hasSize(MINIMUM);
        assertThat(judged.stream().filter(UNAVAILABLE::equals).count()).isEqualTo(MINIMUM - 1);
    }

    @Test
    void anOutageOfTheTargetTakesTheTypesAlong() {
        IntStream.range(0, MINIMUM).forEach(i -> scene.send("small" + i).ended(LOST, judged::add));
        assertThat(judged).hasSize(MINIMUM).allMatch(Hold.class::isInstance);
    }

    @Test
    void anAttemptThatAnOutageEndedLaterDoesNotCountEvenIfAllIsWellAgain() {
        Call hanging = scene.send("a");
        IntStream.range(0, MINIMUM).forEach(i -> scene.call("a", UNAVAILABLE));
        scene.time.advance(Duration.ofSeconds(3));
        scene.calls(3, "a", WELL);
        assertThat(scene.type("a").isClosed()).isTrue();

        scene.time.advance(Duration.ofMinutes(20));
        hanging.ended(TIMED_OUT, judged::add);

        assertThat(judged).singleElement().isInstanceOf(Hold.class);
    }

    @Test
    void aJobThatWasAtWorkForLongBeforeTheOutageIsNotItsVictim() {
        IntStream.range(0, MINIMUM).forEach(i -> scene.slowCall("a", Duration.ofHours(3)));
        Call atWork = scene.send("a");
        scene.time.advance(Duration.ofHours(23));
        IntStream.range(0, MINIMUM).forEach(i -> scene.call("a", UNAVAILABLE));
        scene.time.advance(Duration.ofSeconds(3));
        scene.calls(3, "a", WELL);

        atWork.ended(TIMED_OUT, judged::add);
        scene.time.advance(Duration.ofSeconds(6));

        assertThat(judged).containsExactly(TIMED_OUT);
    }

    @Test
    void whatIsOpenAtTheEndDoesNotCount() {
        scene.send("a").ended(UNAVAILABLE, judged::add);
        scene.breakers.dispose();
        assertThat(judged).singleElement().isInstanceOf(Hold.class);
    }
}
