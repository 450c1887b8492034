package org.mediawiki.jobqueue.changeprop.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class EventLoopProbeTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration IMPATIENCE = Duration.ofMillis(100);

    private final Vertx vertx = Vertx.vertx();
    private final Context context = vertx.getOrCreateContext();
    private final EventLoopProbe probe = new EventLoopProbe(context);

    @AfterEach
    void close() {
        vertx.close().await();
    }

    @Test
    void anEventLoopThatStandsStillDoesNotAnswerUntilItTurnsAgain() {
        CountDownLatch stuck = new CountDownLatch(1);
        context.runOnContext(ignored -> standStill(stuck));

        Future<Optional<String>> answer = probe.unhealthy();

        assertThat(answer.toCompletionStage().toCompletableFuture())
                .as("while it stands still")
                .failsWithin(IMPATIENCE);
        stuck.countDown();
        assertThat(answer.toCompletionStage().toCompletableFuture())
                .succeedsWithin(PATIENCE)
                .isEqualTo(Optional.empty());
    }

    /** What is made of the answer is no work for the event loop that gave it. */
    @Test
    void theAnswerComesWhereItWasAskedFor() {
        Vertx another = Vertx.vertx();
        Context asker = another.getOrCreateContext();
        CompletableFuture<Boolean> cameToTheAsker = new CompletableFuture<>();

        asker.runOnContext(ignored ->
                probe.unhealthy().onComplete(answer -> cameToTheAsker.complete(asker.equals(Vertx.currentContext()))));

        assertThat(cameToTheAsker).succeedsWithin(PATIENCE).isEqualTo(true);
        another.close().await();
    }

    @Test
    void oneThatWasClosedIsWell() {
        vertx.close().await();

        assertThat(probe.unhealthy().toCompletionStage().toCompletableFuture())
                .succeedsWithin(PATIENCE)
                .isEqualTo(Optional.empty());
    }

    private static void standStill(CountDownLatch latch) {
        try {
            boolean unused = latch.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
