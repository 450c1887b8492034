package org.mediawiki.jobqueue.changeprop.dedupe;

import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.mediawiki.jobqueue.changeprop.event.JobEvent;

/** Knows what this process has completed. */
final class MemoryDeduplication implements Deduplication {

    private final JobMemory memory;
    private final DedupeListener listener;

    MemoryDeduplication(JobMemory memory, DedupeListener listener) {
        this.memory = memory;
        this.listener = listener;
    }

    @Override
    public Future<Optional<DuplicateOf>> seenBefore(JobEvent job, String rule, String stream) {
        return Future.succeededFuture(seenHere(job, rule, stream));
    }

    @Override
    public Optional<DuplicateOf> seenHere(JobEvent job, String rule, String stream) {
        return seenHere(job, DedupeKeys.of(job, rule, stream));
    }

    @Override
    public List<Done> doneHere(String id) {
        return memory.done(id);
    }

    @Override
    public boolean isDoneHere(JobEvent job, String rule, String stream) {
        boolean done = memory.recall(DedupeKeys.of(job, rule, stream)).isDone();
        if (done) {
            listener.duplicate(DuplicateOf.ID);
        }
        return done;
    }

    @Override
    public void done(JobEvent job, String rule, String stream, Instant startedAt) {
        memory.remember(Completed.of(job, DedupeKeys.of(job, rule, stream), startedAt));
    }

    @Override
    public Future<Void> close() {
        return Future.succeededFuture();
    }

    Optional<DuplicateOf> seenHere(JobEvent job, DedupeKeys keys) {
        return told(DuplicateRules.judge(job, memory.recall(keys)));
    }

    void remember(Completed completed) {
        memory.remember(completed);
    }

    /** Passes a finding on, and tells of it. */
    Optional<DuplicateOf> told(Optional<DuplicateOf> found) {
        found.ifPresent(listener::duplicate);
        return found;
    }
}
