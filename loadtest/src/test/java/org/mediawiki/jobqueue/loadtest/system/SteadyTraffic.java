package org.mediawiki.jobqueue.loadtest.system;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.mediawiki.jobqueue.loadtest.generate.JobEvent;
import org.mediawiki.jobqueue.loadtest.generate.JobEvents;
import org.mediawiki.jobqueue.loadtest.generate.JobShape;

/** Jobs that come evenly, whatever happens to them, until it is closed. */
final class SteadyTraffic implements AutoCloseable {

    private static final Duration TICK = Duration.ofMillis(100);

    private final TestBed bed;
    private final JobEvents events = new JobEvents(17, Clock.systemUTC());
    private final Map<String, Integer> jobsPerTick;
    private final Map<String, Long> producedAt = new ConcurrentHashMap<>();
    private final ScheduledExecutorService pace = Executors.newSingleThreadScheduledExecutor();

    /** {@code jobsPerTick} is how many jobs of which type come in every tenth of a second. */
    SteadyTraffic(TestBed bed, Map<String, Integer> jobsPerTick) {
        this.bed = bed;
        this.jobsPerTick = new LinkedHashMap<>(jobsPerTick);
        var unused = pace.scheduleAtFixedRate(this::tick, 0, TICK.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** The ids of the jobs that have come. */
    Set<String> ids() {
        return producedAt.keySet();
    }

    /** When each job was about to be produced, by the clock of the runner's ledger, by its id. */
    Map<String, Long> producedAt() {
        return producedAt;
    }

    @Override
    public void close() {
        pace.shutdown();
        try {
            if (!pace.awaitTermination(TestBed.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("the traffic does not stop");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the traffic stopped", e);
        }
    }

    private void tick() {
        List<JobEvent> jobs = new ArrayList<>();
        jobsPerTick.forEach((type, count) -> jobs.addAll(events.next(count, JobShape.of(type))));
        long now = bed.runner().ledger().nowNanos();
        jobs.forEach(job -> producedAt.put(job.id(), now));
        bed.produce(jobs);
    }
}
