package org.mediawiki.jobqueue.changeprop.dedupe;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.mediawiki.jobqueue.changeprop.config.DedupeConfig;
import org.mediawiki.jobqueue.runner.Time;

/** What this process has completed, as far as it fits into memory: of what does not, the oldest is forgotten. */
final class JobMemory {

    /**
     * For ids and sha1s, as {@link RecentDates} counts it: 172,000 of them with keys of 78 characters, 37 MB measured
     * (215 bytes each). These are the last 86,000 jobs where all have both.
     */
    static final long JOB_BYTES = 48L << 20;

    /** For root events: about 57,000, 13 MB. */
    static final long ROOT_BYTES = 16L << 20;

    private final RecentDates jobs;
    private final RecentDates roots;

    JobMemory(DedupeConfig config, Time time) {
        this(new RecentDates(config.ttl(), JOB_BYTES, time), new RecentDates(config.rootTtl(), ROOT_BYTES, time));
    }

    JobMemory(RecentDates jobs, RecentDates roots) {
        this.jobs = jobs;
        this.roots = roots;
    }

    Remembered recall(DedupeKeys keys) {
        return new Remembered(
                keys.id().flatMap(jobs::get).isPresent(),
                keys.sha1().flatMap(jobs::get),
                keys.root().flatMap(roots::get));
    }

    /** The last first. */
    List<Deduplication.Done> done(String id) {
        List<Deduplication.Done> found = new ArrayList<>();
        jobs.forEach((key, startedAt) -> DedupeKeys.ownerOf(key, id)
                .ifPresent(owner -> found.add(new Deduplication.Done(owner.type(), owner.domain(), startedAt))));
        found.sort(Comparator.comparing(Deduplication.Done::startedAt).reversed());
        return found;
    }

    void remember(Completed completed) {
        DedupeKeys keys = completed.keys();
        keys.id().ifPresent(key -> jobs.moveForward(key, completed.startedAt()));
        keys.sha1().ifPresent(key -> jobs.moveForward(key, completed.startedAt()));
        keys.root().ifPresent(key -> completed.rootAt().ifPresent(at -> roots.moveForward(key, at)));
    }
}
