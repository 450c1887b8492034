package org.mediawiki.jobqueue.changeprop.dedupe;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.mediawiki.jobqueue.changeprop.event.JobEvent;
import org.mediawiki.jobqueue.runner.Standstills;

/** About 500 jobs a second, each looked for by one process and then done by another, whatever Redis does. */
final class Load implements AutoCloseable {

    private static final Standstills MACHINE = Standstills.ofThisMachine();

    final AtomicInteger failures = new AtomicInteger();

    private final AtomicInteger begun = new AtomicInteger();
    private final AtomicInteger answered = new AtomicInteger();
    private final AtomicLong slowestNanos = new AtomicLong();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private final Future<?> jobs;
    private final OnItsContext reader;
    private final OnItsContext writer;

    Load(OnItsContext reader, OnItsContext writer) {
        this.reader = reader;
        this.writer = writer;
        this.jobs = clock.scheduleAtFixedRate(this::job, 0, 2, TimeUnit.MILLISECONDS);
    }

    /** Waits until that many more looks have been answered. */
    void answers(int more) {
        int before = answered.get();
        await().atMost(Duration.ofSeconds(30)).until(() -> answered.get() >= before + more);
    }

    /** How long the slowest look took, without what of it the machine stood still. */
    Duration slowest() {
        return Duration.ofNanos(slowestNanos.get());
    }

    /** Begins no more jobs, and waits for the answers to those that were begun. */
    @Override
    public void close() {
        jobs.cancel(false);
        clock.shutdown();
        await().atMost(Duration.ofSeconds(10)).until(clock::isTerminated);
        await().atMost(Duration.ofSeconds(10)).until(() -> answered.get() == begun.get());
    }

    private void job() {
        JobEvent job = TestJobs.plain("load" + begun.incrementAndGet(), Instant.EPOCH);
        long from = System.nanoTime();
        reader.look(job).onComplete(answer -> {
            slowestNanos.accumulateAndGet(MACHINE.ranSince(from).toNanos(), Math::max);
            failures.addAndGet(answer.failed() || answer.result().isPresent() ? 1 : 0);
            answered.incrementAndGet();
            writer.end(job);
        });
    }
}
