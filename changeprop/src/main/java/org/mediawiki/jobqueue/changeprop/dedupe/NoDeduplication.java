package org.mediawiki.jobqueue.changeprop.dedupe;

import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.mediawiki.jobqueue.changeprop.event.JobEvent;

/** Every job is new. */
final class NoDeduplication implements Deduplication {

    @Override
    public Future<Optional<DuplicateOf>> seenBefore(JobEvent job, String rule, String stream) {
        return Future.succeededFuture(Optional.empty());
    }

    @Override
    public Optional<DuplicateOf> seenHere(JobEvent job, String rule, String stream) {
        return Optional.empty();
    }

    @Override
    public boolean isDoneHere(JobEvent job, String rule, String stream) {
        return false;
    }

    @Override
    public List<Done> doneHere(String id) {
        return List.of();
    }

    @Override
    public void done(JobEvent job, String rule, String stream, Instant startedAt) {}

    @Override
    public Future<Void> close() {
        return Future.succeededFuture();
    }
}
