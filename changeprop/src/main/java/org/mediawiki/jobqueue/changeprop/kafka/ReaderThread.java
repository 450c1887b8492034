package org.mediawiki.jobqueue.changeprop.kafka;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread that reads a topic for ever, whatever happens to the brokers, and whatever bug a turn has: when one fails, it
 * waits a while and tries again. Started and closed by its owner, on any thread.
 */
public final class ReaderThread implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ReaderThread.class);

    private final Consumer<?, ?> consumer;
    private final Work work;
    private final Duration backoff;
    private final Duration closePatience;
    private final Thread thread;
    private final CountDownLatch stop = new CountDownLatch(1);
    private boolean inTrouble;

    /** Told once, until a turn goes well: the next one comes within seconds. */
    private boolean isBugTold;

    /** What it does; all on the thread, but for {@link #leave} of one that was never started. */
    public interface Work {

        /** Called over and over. May wait for records; may end by a {@link WakeupException}. */
        void turn();

        /**
         * A turn has failed, {@code first} of those that do one after the other. What is no {@link KafkaException} is a bug
         * that has been logged as one.
         */
        void failed(Throwable why, boolean first);

        /** A turn has gone well after one that failed. */
        void recovered();

        /** The last call, before the consumer is closed. */
        default void leave() {}
    }

    /**
     * @param name of the thread
     * @param consumer what it reads with; woken to stop, and closed by it
     * @param backoff how long it waits after a turn that failed
     * @param closePatience how long {@link #close} waits for it to leave
     */
    public ReaderThread(String name, Consumer<?, ?> consumer, Duration backoff, Duration closePatience, Work work) {
        this.consumer = consumer;
        this.work = work;
        this.backoff = backoff;
        this.closePatience = closePatience;
        this.thread = new Thread(this::run, name);
        thread.setDaemon(true);
    }

    /** Once. */
    public void start() {
        thread.start();
    }

    @Override
    public void close() {
        stop.countDown();
        if (thread.getState() == Thread.State.NEW) {
            leave();
            return;
        }
        consumer.wakeup();
        try {
            thread.join(closePatience.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            while (stop.getCount() > 0) {
                turn();
            }
        } catch (InterruptException e) {
            LOG.debug("Thread {} was interrupted", thread.getName(), e);
        } finally {
            leave();
        }
    }

    /**
     * Without patience: a broker holds an answer back for as long as it may wait for records, and takes nothing else from
     * that connection meanwhile, not even the end of it.
     */
    private void leave() {
        work.leave();
        consumer.close(CloseOptions.timeout(Duration.ZERO));
    }

    private void turn() {
        try {
            work.turn();
            if (inTrouble) {
                inTrouble = false;
                isBugTold = false;
                work.recovered();
            }
        } catch (InterruptException e) {
            throw e;
        } catch (WakeupException woken) {
            LOG.trace("Thread {} is woken", thread.getName());
        } catch (KafkaException e) {
            failed(e);
        } catch (RuntimeException | Error e) {
            // A thread that ends is missed by nobody until what it reads is asked for; errors, too, may be of one turn.
            if (!isBugTold) {
                LOG.error(
                        "Thread {} fails in a way that it should not, and tries again: this is a bug",
                        thread.getName(),
                        e);
                isBugTold = true;
            }
            failed(e);
        }
    }

    private void failed(Throwable why) {
        work.failed(why, !inTrouble);
        inTrouble = true;
        backOff();
    }

    private void backOff() {
        try {
            boolean unused = stop.await(backoff.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }
}
