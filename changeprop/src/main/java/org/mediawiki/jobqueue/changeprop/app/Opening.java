package org.mediawiki.jobqueue.changeprop.app;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A part of the service that opens, waited for by the thread that opens the service. */
final class Opening {

    /** Nothing that is opened waits for Kafka or a target; a Redis is given up long before. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private Opening() {}

    /** {@code opened}; where that fails, it says that {@code who} cannot listen, and where. */
    static Future<Void> listening(Future<Void> opened, String who, String host, int port) {
        return opened.recover(failure -> Future.failedFuture(
                new IllegalStateException(who + " cannot listen on " + host + ":" + port, failure)));
    }

    /**
     * What {@code future} completes with; blocks until then, for 30 s at most.
     *
     * @throws IllegalStateException where it fails by what is no runtime exception, does not come, or the thread is
     *     interrupted
     */
    static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException refused
                    ? refused
                    : new IllegalStateException(String.valueOf(e.getCause()), e);
        } catch (TimeoutException e) {
            throw new IllegalStateException("not open within " + PATIENCE, e);
        }
    }
}
