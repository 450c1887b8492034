package org.mediawiki.jobqueue.loadtest.system;

import static org.mediawiki.jobqueue.loadtest.standin.Behaviour.ok;
import static org.mediawiki.jobqueue.loadtest.standin.Behaviour.status;
import static org.mediawiki.jobqueue.loadtest.standin.JobMatch.firstAttempts;
import static org.mediawiki.jobqueue.loadtest.standin.JobMatch.type;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.mediawiki.jobqueue.loadtest.generate.JobEvent;
import org.mediawiki.jobqueue.loadtest.generate.JobEvents;
import org.mediawiki.jobqueue.loadtest.generate.JobShape;
import org.mediawiki.jobqueue.loadtest.standin.JobMatch;
import org.mediawiki.jobqueue.loadtest.standin.Latency;

/**
 * Job types with limits of every size, each with half as many jobs as its limit lets through, so that after every pause
 * there are more than may run, and a limit that is not kept shows. One first attempt in twenty fails.
 */
final class FleetLoad implements AutoCloseable {

    private static final int[] LIMITS = {1, 2, 3, 5, 8, 13, 20, 50, 100, 200};
    private static final Duration TICK = Duration.ofMillis(200);
    private static final int JOBS_PER_SECOND = 5;
    private static final Duration LONGEST_JOB = Duration.ofSeconds(3);
    private static final double FAIL = 0.05;

    private final TestBed bed;
    private final JobEvents events = new JobEvents(29, Clock.systemUTC());
    private final Map<String, Integer> limits = new LinkedHashMap<>();
    private final Set<String> produced = ConcurrentHashMap.newKeySet();
    private final Set<String> failing = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService pace = Executors.newSingleThreadScheduledExecutor();

    /** Which fail: by chance, so that every type has some and none has many. */
    private final Random chance = new Random(29);

    /** So many types, which the bed's runner will know. */
    FleetLoad(TestBed bed, int types) {
        this.bed = bed;
        for (int i = 0; i < types; i++) {
            int limit = LIMITS[i % LIMITS.length];
            String type = "type" + i;
            limits.put(type, limit);
            Duration usual = Duration.ofSeconds(limit).dividedBy(2 * JOBS_PER_SECOND);
            Duration most = usual.compareTo(LONGEST_JOB) < 0 ? usual : LONGEST_JOB;
            bed.runner()
                    .on(type(type))
                    .answer(ok().after(Latency.between(
                            most.dividedBy(2), most.multipliedBy(3).dividedBy(2))));
        }
        JobMatch fails = request -> failing.contains(request.event().id());
        bed.runner().on(fails.and(firstAttempts(1))).answer(status(500).after(Duration.ofMillis(100)));
        bed.createTopics(limits.keySet().toArray(new String[0]));
    }

    /** The lane's job types as YAML. */
    String jobs() {
        StringBuilder yaml = new StringBuilder();
        limits.forEach((type, limit) -> yaml.append("    ")
                .append(type)
                .append(": {concurrency: ")
                .append(limit)
                .append("}\n"));
        return yaml.toString();
    }

    Map<String, Integer> limits() {
        return limits;
    }

    /** Begins to produce. */
    void begin() {
        var unused = pace.scheduleAtFixedRate(this::tick, 0, TICK.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** The ids of all jobs so far. */
    Set<String> ids() {
        return new HashSet<>(produced);
    }

    @Override
    public void close() {
        pace.shutdown();
        try {
            if (!pace.awaitTermination(TestBed.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("the load does not stop");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void tick() {
        List<JobEvent> jobs = new ArrayList<>();
        limits.keySet().forEach(type -> {
            JobEvent job = events.next(JobShape.of(type));
            if (chance.nextDouble() < FAIL) {
                failing.add(job.id());
            }
            produced.add(job.id());
            jobs.add(job);
        });
        bed.produce(jobs);
    }
}
