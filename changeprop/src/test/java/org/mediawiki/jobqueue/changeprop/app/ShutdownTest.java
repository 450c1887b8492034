package org.mediawiki.jobqueue.changeprop.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.mediawiki.jobqueue.changeprop.app.Shutdown.Stage;

/** In which order the parts of a service end, and what becomes of one that does not. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class ShutdownTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration IMPATIENCE = Duration.ofMillis(50);

    private final Shutdown shutdown = new Shutdown();
    private final List<String> closed = new ArrayList<>();

    @Test
    void stagesFollowEachOtherHoweverTheyWereFilled() {
        add(Stage.PROCESS, "name");
        add(Stage.LOOPS, "loops");
        add(Stage.FLEET, "fleet");
        add(Stage.WORK, "lane");
        add(Stage.OPERATORS, "operators");
        add(Stage.INTAKE, "intake");

        shutdown.run(PATIENCE);

        assertThat(closed).containsExactly("lane", "intake", "operators", "fleet", "loops", "name");
    }

    /** Each lane drains for as long as it takes; one after the other they would be killed. */
    @Test
    void whatIsInOneStageEndsSideBySideAndTheNextWaitsForAll() {
        CompletableFuture<Void> lane = new CompletableFuture<>();
        shutdown.add(Stage.WORK, () -> {
            closed.add("lane");
            return lane;
        });
        shutdown.add(Stage.WORK, () -> {
            closed.add("scheduler");
            lane.complete(null);
            return done();
        });
        shutdown.add(Stage.INTAKE, () -> {
            closed.add(lane.isDone() ? "intake" : "intake too early");
            return done();
        });

        shutdown.run(PATIENCE);

        assertThat(closed).containsExactly("lane", "scheduler", "intake");
    }

    @Test
    void whatCannotBeClosedKeepsNothingElseFromIt() {
        shutdown.add(Stage.WORK, () -> CompletableFuture.failedFuture(new IllegalStateException("it fails")));
        shutdown.add(Stage.WORK, () -> {
            throw new IllegalStateException("it throws");
        });
        add(Stage.WORK, "lane");
        add(Stage.FLEET, "fleet");

        shutdown.run(PATIENCE);

        assertThat(closed).containsExactly("lane", "fleet");
    }

    /** The process ends then, and what did not end with it. */
    @Test
    void whatDoesNotEndIsNotWaitedForForEver() {
        shutdown.add(Stage.WORK, CompletableFuture::new);
        add(Stage.FLEET, "fleet");

        shutdown.run(IMPATIENCE);

        assertThat(closed).isEmpty();
    }

    private void add(Stage stage, String name) {
        shutdown.add(stage, () -> {
            closed.add(name);
            return done();
        });
    }

    private static CompletionStage<?> done() {
        return CompletableFuture.completedFuture(null);
    }
}
