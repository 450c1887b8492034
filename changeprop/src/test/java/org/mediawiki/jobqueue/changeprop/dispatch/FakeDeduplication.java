package org.mediawiki.jobqueue.changeprop.dispatch;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.mediawiki.jobqueue.changeprop.dedupe.Deduplication;
import org.mediawiki.jobqueue.changeprop.dedupe.DuplicateOf;
import org.mediawiki.jobqueue.changeprop.event.JobEvent;

/** Knows what it is told to know, and answers at once unless it is told to be slow. */
final class FakeDeduplication implements Deduplication {

    private final Set<String> known = new HashSet<>();
    private final Set<String> knownHere = new HashSet<>();
    private final List<Run> done = new ArrayList<>();
    private final List<Promise<Optional<DuplicateOf>>> unanswered = new ArrayList<>();
    private boolean slow;

    /** A job that was reported as done. */
    record Run(String id, String rule, String stream, Instant startedAt) {}

    @Override
    public Future<Optional<DuplicateOf>> seenBefore(JobEvent job, String rule, String stream) {
        if (!slow) {
            return Future.succeededFuture(look(known, job));
        }
        Promise<Optional<DuplicateOf>> answer = Promise.promise();
        unanswered.add(answer);
        return answer.future();
    }

    @Override
    public Optional<DuplicateOf> seenHere(JobEvent job, String rule, String stream) {
        return look(knownHere, job);
    }

    @Override
    public List<Done> doneHere(String id) {
        return List.of();
    }

    @Override
    public boolean isDoneHere(JobEvent job, String rule, String stream) {
        return knownHere.contains(job.id());
    }

    @Override
    public void done(JobEvent job, String rule, String stream, Instant startedAt) {
        done.add(new Run(job.id(), rule, stream, startedAt));
    }

    @Override
    public Future<Void> close() {
        return Future.succeededFuture();
    }

    void knows(String id) {
        known.add(id);
    }

    void knowsHere(String id) {
        knownHere.add(id);
    }

    void beSlow() {
        slow = true;
    }

    void answerThatItIsNone() {
        unanswered.forEach(answer -> answer.complete(Optional.empty()));
        unanswered.clear();
    }

    List<Run> done() {
        return done;
    }

    private static Optional<DuplicateOf> look(Set<String> ids, JobEvent job) {
        return ids.contains(job.id()) ? Optional.of(DuplicateOf.ID) : Optional.empty();
    }
}
