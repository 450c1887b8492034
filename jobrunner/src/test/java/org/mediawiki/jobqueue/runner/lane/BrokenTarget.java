package org.mediawiki.jobqueue.runner.lane;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.mediawiki.jobqueue.runner.Attempt;
import org.mediawiki.jobqueue.runner.Job;
import org.mediawiki.jobqueue.runner.Target;

/** A target that breaks its promise never to throw and never to fail. */
record BrokenTarget(Supplier<Future<Attempt>> answer) implements Target {

    @Override
    public Future<Attempt> send(Job job, Duration timeout) {
        return answer.get();
    }

    @Override
    public Future<Optional<String>> obstacle() {
        return Future.succeededFuture(Optional.empty());
    }

    @Override
    public Future<Void> close() {
        return Future.succeededFuture();
    }
}
