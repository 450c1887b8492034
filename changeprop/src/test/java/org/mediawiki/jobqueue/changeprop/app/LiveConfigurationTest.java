package org.mediawiki.jobqueue.changeprop.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.mediawiki.jobqueue.changeprop.config.Configuration;
import org.mediawiki.jobqueue.changeprop.config.Reload;
import org.mediawiki.jobqueue.changeprop.control.Channel;
import org.mediawiki.jobqueue.changeprop.metrics.QueueMetrics;

class LiveConfigurationTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final AtomicBoolean clockIsBroken = new AtomicBoolean();

    /** Else a process would stay where it is, healthy, and run nothing. */
    @Test
    void lanesBeginThoughWhatIsReadCannotBeTaken() {
        CompletableFuture<Void> begun = new CompletableFuture<>();
        try (LiveConfiguration live = live()) {
            clockIsBroken.set(true);

            live.begin(() -> begun.complete(null));

            assertThat(begun).succeedsWithin(PATIENCE);
        }
    }

    private LiveConfiguration live() {
        Configuration started = LaneConfiguration.of("main: {}");
        return new LiveConfiguration(
                new LiveConfiguration.Source(started, Optional.empty(), Reload.Lanes.allOf(started)),
                listener -> new NoOverrides(),
                new QueueMetrics(new SimpleMeterRegistry(), "cpjobqueue").config(),
                this::now,
                next -> {});
    }

    private Instant now() {
        if (clockIsBroken.get()) {
            throw new IllegalStateException("nobody knows what is over");
        }
        return Instant.EPOCH;
    }

    /** A topic that is empty. */
    private static final class NoOverrides implements Channel {

        @Override
        public void start() {}

        @Override
        public CompletableFuture<Void> caughtUp() {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletableFuture<Void> write(String key, byte @Nullable [] value) {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void close() {}
    }
}
