package org.mediawiki.jobqueue.changeprop.app;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.function.Supplier;
import org.mediawiki.jobqueue.changeprop.admin.Refresh;
import org.mediawiki.jobqueue.changeprop.config.Configuration;
import org.mediawiki.jobqueue.changeprop.status.History;
import org.mediawiki.jobqueue.changeprop.status.Readings;
import org.mediawiki.jobqueue.runner.Time;

/** Feeds the history of this process: reads its meters once in each step. Any thread. */
final class HistoryClock {

    private final Vertx vertx;
    private final Refresh refresh;
    private final MeterRegistry registry;
    private final Supplier<Configuration> configuration;
    private final Time time;
    private final History history = new History();

    /** Written on the context of its timers, cancelled by whoever stops it. */
    private volatile Time.Cancellation timer = Time.Cancellation.NONE;

    private volatile boolean stopped;

    /** {@code configuration} is what is in force. */
    HistoryClock(Vertx vertx, Refresh refresh, MeterRegistry registry, Supplier<Configuration> configuration) {
        this.vertx = vertx;
        this.refresh = refresh;
        this.registry = registry;
        this.configuration = configuration;
        this.time = Time.of(vertx);
    }

    History history() {
        return history;
    }

    /** Begins to remember. */
    void start() {
        if (!stopped) {
            timer = time.after(History.STEP, this::remember);
        }
    }

    void stop() {
        stopped = true;
        timer.cancel();
    }

    private void remember() {
        refresh.all(vertx.getOrCreateContext())
                .compose(ignored -> vertx.executeBlocking(
                        () -> {
                            add(time.instant());
                            return null;
                        },
                        false))
                .onComplete(done -> start());
    }

    private void add(Instant now) {
        OwnStatus own = new OwnStatus(configuration.get(), Readings.of(registry), history, now);
        history.add(now, own.samples());
    }
}
