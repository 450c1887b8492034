package org.mediawiki.jobqueue.changeprop.dedupe;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.mediawiki.jobqueue.changeprop.config.DedupeConfig;
import org.mediawiki.jobqueue.runner.Time;

/** What this process has completed, as far as it fits into memory: of what does not, the oldest is forgotten. */
final class JobMemory {

    /** For ids and sha1s: these are the last 131,000 jobs where all have both, in 12 MB. */
    static final int JOB_ROWS = 1 << 18;

    /** For root events, in 3 MB. */
    static final int ROOT_ROWS = 1 << 16;

    private final RecentDates jobs;
    private final RecentDates roots;

    JobMemory(DedupeConfig config, Time time) {
        this(new RecentDates(config.ttl(), JOB_ROWS, time), new RecentDates(config.rootTtl(), ROOT_ROWS, time));
    }

    JobMemory(RecentDates jobs, RecentDates roots) {
        this.jobs = jobs;
        this.roots = roots;
    }

    Remembered recall(DedupeKeys keys) {
        return new Remembered(
                keys.id().flatMap(id -> jobs.get(keys.scope(), id)).isPresent(),
                keys.sha1().flatMap(sha1 -> jobs.get(keys.scope(), sha1)),
                keys.root().flatMap(signature -> roots.get(keys.rootScope(), signature)));
    }

    /** The last first. */
    List<Deduplication.Done> done(String id) {
        List<Deduplication.Done> found = new ArrayList<>();
        jobs.forEach(
                id, (scope, startedAt) -> found.add(new Deduplication.Done(scope.type(), scope.domain(), startedAt)));
        found.sort(Comparator.comparing(Deduplication.Done::startedAt).reversed());
        return found;
    }

    void remember(Completed completed) {
        DedupeKeys keys = completed.keys();
        keys.id().ifPresent(id -> jobs.moveForward(keys.scope(), id, completed.startedAt()));
        keys.sha1().ifPresent(sha1 -> jobs.moveForward(keys.scope(), sha1, completed.startedAt()));
        keys.root()
                .ifPresent(signature ->
                        completed.rootAt().ifPresent(at -> roots.moveForward(keys.rootScope(), signature, at)));
    }
}
