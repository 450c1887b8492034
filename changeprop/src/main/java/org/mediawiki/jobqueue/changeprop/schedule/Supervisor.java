package org.mediawiki.jobqueue.changeprop.schedule;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the application alive on a thread of its own: starts it, deletes what it has read, and starts it again after a
 * failure. The one way back from every failure is a new life: topics are looked for again, threads are new, stores are
 * opened again.
 */
final class Supervisor implements Runnable, StoreQueries.LocalStores {

    private static final Duration FIRST_BACKOFF = Duration.ofSeconds(1);
    private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(30);

    /** How often it is looked whether something stands in the way of a life that is not at work. */
    private static final Duration TURN = Duration.ofMillis(500);

    /** Three minutes. */
    private static final long UPKEEP_TURNS = Duration.ofMinutes(3).dividedBy(TURN);

    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(20);

    /** For what waits for brokers that do not answer: without a bound that is a minute, more than a stop may take. */
    private static final Duration ADMIN_CLOSE_PATIENCE = Duration.ofSeconds(1);

    /** A clean end leaves the stores as they are; but Streams may wait for records, and does not know that it is to end. */
    private static final Duration RENEWAL_PATIENCE = Duration.ofSeconds(2);

    private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);

    private final Lives lives;
    private final SchedulerListener listener;
    private final CompletableFuture<Void> closing = new CompletableFuture<>();
    private boolean exactlyOnce = true;
    private Duration backoff = FIRST_BACKOFF;
    private final Trouble trouble = new Trouble();

    /**
     * Those that did not stop in time, until their threads have ended. Written by the supervisor's thread, and looked
     * through by whoever has waited for its end as well.
     */
    private final Set<Application> left = ConcurrentHashMap.newKeySet();

    /** Written by whoever asks for it, and by the supervisor's thread, which reads it. */
    private volatile boolean askedForAnother;

    /** Written by the supervisor's thread, read by any. */
    private volatile Optional<Application> current = Optional.empty();

    /** What a life is made of. */
    interface Lives {

        /**
         * Makes the source topic where it is missing. Blocks.
         *
         * @throws KafkaException where the brokers do not answer or refuse
         */
        void prepare();

        /**
         * Where the stores of this Kafka cluster are. Blocks.
         *
         * @throws KafkaException where the brokers do not tell which one it is
         */
        StoreFolder folder(Admin admin);

        Application create(boolean exactlyOnce, Path folder);

        Admin admin();

        Purge purge(Admin admin);

        AbandonedTransactions abandoned(Admin admin);
    }

    Supervisor(Lives lives, SchedulerListener listener) {
        this.lives = lives;
        this.listener = listener;
    }

    /** Ends the life and the thread. */
    void close() {
        closing.complete(null);
    }

    /** This life is to end, and another to begin. Any thread; returns at once. */
    void renew() {
        askedForAnother = true;
    }

    /** Whether it was asked to end. */
    boolean isClosing() {
        return closing.isDone();
    }

    /** Whether threads of a life have outlived it, and may still use what it was given. */
    boolean leftRunning() {
        left.removeIf(application -> application.end().isDone());
        return !left.isEmpty();
    }

    @Override
    public void run() {
        while (!closing.isDone()) {
            Optional<Throwable> failure = live();
            if (!closing.isDone()) {
                failure.ifPresent(this::failed);
                rest();
            }
        }
    }

    @Override
    public Optional<String> unready() {
        return current.map(Application::unready)
                .orElseGet(() -> Optional.of(trouble.last()
                        .map(why -> "the scheduler failed, and starts again: " + why)
                        .orElse("the scheduler has not started yet")));
    }

    @Override
    public ReadOnlyKeyValueStore<byte[], byte[]> of(int partition) {
        return current.orElseThrow(() -> new InvalidStateStoreException("not started"))
                .store(partition);
    }

    /** Until a failure, which is returned, or until the end. */
    private Optional<Throwable> live() {
        try {
            return live(lives.admin());
        } catch (RuntimeException | Error e) {
            return Optional.of(e);
        }
    }

    private Optional<Throwable> live(Admin admin) {
        try {
            lives.prepare();
            StoreFolder folder = lives.folder(admin);
            Optional<Throwable> failure = live(admin, folder);
            if (failure.filter(Trouble::isOfStores).isPresent() && !leftRunning()) {
                folder.discard();
            }
            return failure;
        } finally {
            admin.close(ADMIN_CLOSE_PATIENCE);
        }
    }

    private Optional<Throwable> live(Admin admin, StoreFolder folder) {
        askedForAnother = false;
        Application application = lives.create(exactlyOnce, folder.open());
        Purge purge = lives.purge(admin);
        try {
            return untilItEnds(application, lives.abandoned(admin), () -> {
                settled();
                folder.touch();
                purge.run();
            });
        } catch (RuntimeException | Error e) {
            // Streams throws what it likes where its folder is locked or gone; there is no worse than no scheduler.
            return Optional.of(e);
        } finally {
            current = Optional.empty();
            if (!end(application)) {
                left.add(application);
                LOG.warn("The scheduler did not stop within {}", CLOSE_PATIENCE);
            } else if (closing.isDone()) {
                // Nobody may come back before the group's offsets expire, and then all that is left is read again.
                purge.run();
            }
        }
    }

    private Optional<Throwable> untilItEnds(Application application, AbandonedTransactions abandoned, Runnable upkeep) {
        application.start();
        current = Optional.of(application);
        // Made once: each of them is remembered by both for as long as they are not complete, which may be months.
        CompletableFuture<Object> over = CompletableFuture.anyOf(application.end(), closing);
        boolean waited = false;
        long turns = 0;
        while (!askedForAnother && !isComplete(over, TURN)) {
            boolean waits = application.unready().isPresent();
            if (waits && waited) {
                abandoned.end();
            }
            waited = waits;
            turns++;
            if (turns % UPKEEP_TURNS == 0) {
                upkeep.run();
            }
        }
        return application.failure();
    }

    /** Whether every thread of it has ended. */
    private boolean end(Application application) {
        return askedForAnother
                ? application.close(RENEWAL_PATIENCE) || application.closeByForce(CLOSE_PATIENCE)
                : application.close(CLOSE_PATIENCE);
    }

    /** It has lived for a while: the next failure is a new one. */
    private void settled() {
        backoff = FIRST_BACKOFF;
        trouble.over();
    }

    private void failed(Throwable failure) {
        listener.restarted();
        if (exactlyOnce && Trouble.refusesTransactions(failure)) {
            exactlyOnce = false;
            LOG.warn(
                    "The brokers have no transactions for the scheduler, so what waits may be released twice after a"
                            + " crash: {}",
                    Trouble.why(failure));
        } else {
            trouble.tell(failure);
        }
    }

    private void rest() {
        if (!isComplete(closing, backoff)) {
            backoff = min(backoff.multipliedBy(2), LONGEST_BACKOFF);
        }
    }

    /** Waits for it, so long at the most. */
    private static boolean isComplete(CompletableFuture<?> future, Duration atMost) {
        try {
            future.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException notYet) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException("nobody fails it", e);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) <= 0 ? one : other;
    }
}
