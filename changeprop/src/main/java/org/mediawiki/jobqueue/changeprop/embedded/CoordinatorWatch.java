package org.mediawiki.jobqueue.changeprop.embedded;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts a lone broker anew whose coordinator of groups has given up: nobody could join a group any more, so jobs would be
 * accepted and never run, and Kafka itself would say nothing more about it.
 *
 * <p>A broker that was killed comes back as the leader that it was, is told a moment later that it is none, and then that it
 * is one again. Each time it begins to read its groups. Where the first reading fails later than the last begins, Kafka
 * takes the failure for that of the last ({@code CoordinatorRuntime} of 4.3.1, which does not look whose it is), and reads no
 * more. A broker that was stopped cleanly comes back as no leader, and begins once.
 *
 * <p>A thread of its own. How many partitions of the coordinator have failed is a metric of Kafka's (KIP-848), which the JVM
 * has once: of several brokers it would not say whose.
 */
final class CoordinatorWatch implements AutoCloseable {

    /** Between two looks. */
    static final Duration INTERVAL = Duration.ofSeconds(1);

    /** In so many looks one after the other: a failure that is followed by another beginning is gone sooner. */
    static final int LOOKS = 4;

    /** Each further restart waits twice as long, up to this; who has been well for as long begins anew. */
    static final long MOST_LOOKS = Duration.ofMinutes(10).dividedBy(INTERVAL);

    private static final String FAILED = "kafka.server:type=group-coordinator-metrics,state=failed";
    private static final String PARTITIONS = "num-partitions";
    private static final Logger LOG = LoggerFactory.getLogger(CoordinatorWatch.class);

    private final LongSupplier failed;
    private final Restart restart;
    private final Thread thread = new Thread(this::run, "embedded-kafka-watch");
    private volatile boolean closed;

    /** A restart has begun and not succeeded: maybe no broker runs, and then no metric says that anything is wrong. */
    private boolean isRestarting;

    private long patience = LOOKS;
    private long ill;
    private long well;

    /** Stops the broker, where it runs, and starts it; called again where it fails, by whatever it throws. */
    @FunctionalInterface
    interface Restart {

        void run() throws IOException;
    }

    /** Does nothing before {@link #start}. {@code failed} is {@link #failedPartitions}. */
    CoordinatorWatch(LongSupplier failed, Restart restart) {
        this.failed = failed;
        this.restart = restart;
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Begins no restart any more; one that has begun goes on. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }

    /** Of how many partitions the coordinator has given up; 0 where no broker runs. */
    static long failedPartitions() {
        try {
            MBeanServer metrics = ManagementFactory.getPlatformMBeanServer();
            return ((Number) metrics.getAttribute(new ObjectName(FAILED), PARTITIONS)).longValue();
        } catch (InstanceNotFoundException none) {
            return 0;
        } catch (JMException e) {
            throw new IllegalStateException("Kafka has no metric " + PARTITIONS + " of " + FAILED + " any more", e);
        }
    }

    private void run() {
        while (!closed) {
            LockSupport.parkNanos(INTERVAL.toNanos());
            look();
        }
    }

    /** One look. On the thread of the watch. */
    void look() {
        boolean isIll = isRestarting || failed.getAsLong() > 0;
        ill = isIll ? ill + 1 : 0;
        well = isIll ? 0 : well + 1;
        if (well >= MOST_LOOKS) {
            patience = LOOKS;
        }
        if (ill >= patience && !closed) {
            LOG.warn("Kafka's coordinator of groups has failed, so no job would be run: the broker is started anew");
            startAnew();
        }
    }

    private void startAnew() {
        ill = 0;
        patience = Math.min(2 * patience, MOST_LOOKS);
        isRestarting = true;
        try {
            restart.run();
            isRestarting = false;
        } catch (IOException | RuntimeException | Error e) {
            LOG.error("Kafka was not started anew, which is tried again in {} s", patience * INTERVAL.toSeconds(), e);
        }
    }
}
