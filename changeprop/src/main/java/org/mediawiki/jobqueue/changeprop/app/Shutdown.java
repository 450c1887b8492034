package org.mediawiki.jobqueue.changeprop.app;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the parts of a service end, whether all of them were opened or not. They are closed in stages: what is in one stage
 * side by side, and only then the next. Filled by whoever opens the parts, on one thread; run once.
 *
 * <p>The stages follow each other on no context: those of a Vert.x that is closed tell nobody any more.
 */
final class Shutdown {

    private static final Logger LOG = LoggerFactory.getLogger(Shutdown.class);

    private final Map<Stage, List<Supplier<CompletionStage<?>>>> closings = new EnumMap<>(Stage.class);

    /** Written by whichever thread ends a stage, read by the one that waits. */
    private volatile Stage present = Stage.WORK;

    /** In their order. */
    enum Stage {
        /** Nothing starts any more, and what runs ends. Metrics, health and events that are posted go on meanwhile. */
        WORK,
        /** Events are taken until all else is done: a refused one is lost, since MediaWiki does not try again. */
        INTAKE,
        /** What operators look at. */
        OPERATORS,
        /** While lanes drain, their notes hold only as long as this instance is heard of. */
        FLEET,
        /** The event loops, and with them the admin port. */
        LOOPS,
        /** What the whole process has: its name, its traces. */
        PROCESS
    }

    /** A part has been opened; {@code closing} closes it. */
    void add(Stage stage, Supplier<CompletionStage<?>> closing) {
        closings.computeIfAbsent(stage, ignored -> new ArrayList<>()).add(closing);
    }

    /**
     * Closes everything, and blocks until that is done or {@code patience} is over; then the log says what did not end, and
     * what is left ends with the process.
     */
    void run(Duration patience) {
        CompletableFuture<Void> done = CompletableFuture.completedFuture(null);
        for (Stage stage : Stage.values()) {
            done = done.thenCompose(ignored -> close(stage));
        }
        try {
            done.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            LOG.error(
                    "Not stopped within {}: stage {} does not end, and what was to follow is left out",
                    patience,
                    present);
        } catch (ExecutionException e) {
            LOG.error("The service was not stopped as it should be: this is a bug", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private CompletableFuture<Void> close(Stage stage) {
        present = stage;
        return CompletableFuture.allOf(closings.getOrDefault(stage, List.of()).stream()
                .map(Shutdown::closed)
                .toArray(CompletableFuture[]::new));
    }

    /** Never fails: what cannot be closed keeps nothing else from it. */
    private static CompletableFuture<?> closed(Supplier<CompletionStage<?>> closing) {
        return CompletableFuture.completedFuture(null)
                .thenCompose(ignored -> closing.get())
                .handle((ended, failure) -> {
                    if (failure != null) {
                        LOG.error("A part of the service was not closed as it should be", failure);
                    }
                    return null;
                });
    }
}
