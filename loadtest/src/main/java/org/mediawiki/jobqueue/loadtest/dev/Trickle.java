package org.mediawiki.jobqueue.loadtest.dev;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.mediawiki.jobqueue.loadtest.generate.JobEvent;
import org.mediawiki.jobqueue.loadtest.generate.JobProducer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Produces jobs at a steady rate, on a thread of its own, from when it is built until it is closed. */
final class Trickle implements AutoCloseable {

    private static final Duration TURN = Duration.ofMillis(100);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(2);
    private static final Logger LOG = LoggerFactory.getLogger(Trickle.class);

    private final JobMix mix;
    private final JobProducer producer;
    private final double perTurn;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "trickle"));

    /** What the rate has promised and was not produced yet: less than one job after each turn. Own thread only. */
    private double owed;

    /** {@code perSecond} is how many jobs, 0 or more; {@code producer} is closed with the trickle. */
    Trickle(JobMix mix, JobProducer producer, double perSecond) {
        this.mix = mix;
        this.producer = producer;
        this.perTurn = perSecond * TURN.toMillis() / TimeUnit.SECONDS.toMillis(1);
        var unused = thread.scheduleAtFixedRate(this::produce, 0, TURN.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(CLOSE_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("The trickle of jobs did not end in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        producer.close();
    }

    private void produce() {
        owed += perTurn;
        int due = (int) owed;
        owed -= due;
        List<JobEvent> jobs = IntStream.range(0, due).mapToObj(i -> mix.next()).toList();
        try {
            producer.produce(jobs);
        } catch (RuntimeException e) {
            // An exception would end the schedule; the next turn tries again with new jobs.
            LOG.warn("Jobs could not be produced: {}", e.toString());
        }
    }
}
