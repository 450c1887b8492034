package org.mediawiki.jobqueue.changeprop.app;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.mediawiki.jobqueue.changeprop.bulletin.Bulletin;
import org.mediawiki.jobqueue.changeprop.config.Configuration;
import org.mediawiki.jobqueue.changeprop.config.Reload;
import org.mediawiki.jobqueue.changeprop.config.load.Problem;
import org.mediawiki.jobqueue.changeprop.config.load.WatchedFile;
import org.mediawiki.jobqueue.changeprop.control.Channel;
import org.mediawiki.jobqueue.changeprop.control.Control;
import org.mediawiki.jobqueue.changeprop.control.ControlTopic;
import org.mediawiki.jobqueue.changeprop.metrics.ConfigMeters;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one configuration that holds: what the file says, and on top of it the operators' overrides. Both may change; the
 * lanes are told of every change of what comes of them.
 *
 * <p>Everything happens on one thread, {@code configuration}, which may block on the file; {@link #close} and
 * {@link #begin} may be called on any.
 */
final class LiveConfiguration implements AutoCloseable {

    /**
     * A change of the file is taken when it was seen twice alike, so that it holds within two of these: 2 s are promised
     * (SPEC section 6). An override that ends by its time does so within one.
     */
    private static final Duration INTERVAL = Duration.ofMillis(500);

    /** Without Kafka no job could run in any case; so long the lanes wait to hear of overrides before they begin. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final Duration SWEEP_INTERVAL = Duration.ofMinutes(1);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(2);
    private static final Logger LOG = LoggerFactory.getLogger(LiveConfiguration.class);

    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "configuration"));
    private final Source source;
    private final ControlTopic control;
    private final ConfigMeters meters;
    private final InstantSource clock;
    private final Consumer<Configuration> lanes;
    private Configuration fromFile;

    /** Written by the one thread, read by all. */
    private volatile Configuration inForce;

    /** Why the file as it is now does not hold; written by the one thread, read by all. */
    private volatile Optional<String> refusal = Optional.empty();

    /** What only a restart makes hold of the file that was last taken; written by the one thread, read by all. */
    private volatile List<String> needRestart = List.of();

    /**
     * Where the configuration comes from.
     *
     * @param started what the process was started with
     * @param file where it was read from; empty: it does not change
     * @param lanes the lanes of the process
     */
    record Source(Configuration started, Optional<WatchedFile> file, Reload.Lanes lanes) {}

    /**
     * @param open opens the control topic, which tells the listener that it is given
     * @param lanes is told what holds from here on whenever that is another; returns at once
     */
    LiveConfiguration(
            Source source,
            Function<Bulletin.Listener, Channel> open,
            ConfigMeters meters,
            InstantSource clock,
            Consumer<Configuration> lanes) {
        this.source = source;
        this.meters = meters;
        this.clock = clock;
        this.lanes = lanes;
        this.fromFile = source.started();
        this.inForce = source.started();
        this.control = new ControlTopic(open, clock, () -> execute(this::apply));
        meters.started(clock.instant());
    }

    /** What holds now. Any thread. */
    Configuration inForce() {
        return inForce;
    }

    /**
     * What people should know though all is well, since what held before still holds: that the file was refused, and what
     * only a restart makes hold. Any thread.
     */
    List<String> notices() {
        List<String> notices = new ArrayList<>();
        refusal.ifPresent(why ->
                notices.add("the configuration was changed and is not valid, so what it said before holds: " + why));
        if (!needRestart.isEmpty()) {
            notices.add("the configuration was changed, but only a restart makes it hold: "
                    + String.join(", ", needRestart));
        }
        return notices;
    }

    /** For whoever lets operators change something. */
    Control control() {
        return control;
    }

    /**
     * Begins to read overrides, and to watch the file.
     *
     * @param onRead runs once when the lanes have been told of the overrides that stood in the topic, or those cannot be
     *     read for {@link #PATIENCE}: then the file holds until they can
     */
    void begin(Runnable onRead) {
        CompletableFuture<Void> told = control.start();
        var unused = told.orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS).whenComplete((read, failure) -> {
            if (failure != null) {
                LOG.warn("Operators' overrides cannot be read yet: the file holds until they can", failure);
            }
            execute(() -> {
                try {
                    apply();
                } finally {
                    // With whatever holds: a process whose lanes never begin looks well and runs nothing.
                    onRead.run();
                }
            });
        });
        schedule(this::look, INTERVAL);
        schedule(control::sweep, SWEEP_INTERVAL);
    }

    @Override
    public void close() {
        thread.shutdown();
        try {
            boolean unused = thread.awaitTermination(CLOSE_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        control.close();
    }

    private void look() {
        source.file()
                .flatMap(WatchedFile::loadIfChanged)
                .ifPresent(result -> result.match(
                        loaded -> {
                            taken(loaded.configuration());
                            return true;
                        },
                        refused -> {
                            refused(refused.problems());
                            return false;
                        }));
        apply();
    }

    private void taken(Configuration wanted) {
        Reload reload = Reload.of(fromFile, wanted, source.lanes());
        fromFile = reload.configuration();
        refusal = Optional.empty();
        needRestart = List.copyOf(reload.needRestart());
        meters.applied(clock.instant(), reload.needRestart().size());
        LOG.info("The configuration was changed and holds from now on");
        if (!reload.needRestart().isEmpty()) {
            LOG.warn(
                    "Changed, but only a restart of this process makes it hold: {}",
                    String.join(", ", reload.needRestart()));
        }
    }

    private void refused(List<Problem> problems) {
        String why = problems.stream().map(Problem::inOneLine).collect(Collectors.joining("; "));
        refusal = Optional.of(why);
        meters.refused();
        LOG.error("The configuration was changed and is not valid, so what it said before holds: {}", why);
    }

    private void apply() {
        Configuration next = control.appliedTo(fromFile);
        if (!next.equals(inForce)) {
            inForce = next;
            lanes.accept(next);
        }
        meters.overrides(control.list().size());
    }

    private void schedule(Runnable task, Duration interval) {
        // It ends with its thread, and tells of its failures itself.
        var unused = thread.scheduleWithFixedDelay(
                guarded(task), interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void execute(Runnable task) {
        try {
            thread.execute(guarded(task));
        } catch (RejectedExecutionException e) {
            LOG.debug("The process ends, and what holds changes no more", e);
        }
    }

    /** What throws would not be run again. */
    private static Runnable guarded(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (RuntimeException e) {
                LOG.error("The configuration was taken in a way that it should not: this is a bug", e);
            }
        };
    }
}
