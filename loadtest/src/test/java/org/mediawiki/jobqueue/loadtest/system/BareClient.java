package org.mediawiki.jobqueue.loadtest.system;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Optional;
import java.util.Queue;
import org.mediawiki.jobqueue.loadtest.generate.JobEvent;
import org.mediawiki.jobqueue.loadtest.standin.StandInRunner;
import org.mediawiki.jobqueue.runner.Job;
import org.mediawiki.jobqueue.runner.Target;
import org.mediawiki.jobqueue.runner.http.HttpTarget;
import org.mediawiki.jobqueue.runner.http.TargetSettings;

/** Sends jobs one after the other in so many loops, with no queue before it: what the machine gives at most. */
final class BareClient implements AutoCloseable {

    private final Vertx vertx = Vertx.vertx();
    private final Context context = vertx.getOrCreateContext();
    private final StandInRunner runner;

    /** Used on the context only. */
    private final Queue<JobEvent> jobs;

    BareClient(StandInRunner runner, Collection<JobEvent> jobs) {
        this.runner = runner;
        this.jobs = new ArrayDeque<>(jobs);
    }

    /** Begins; the runner's ledger tells when all have ended. */
    void run(int loops) {
        context.runOnContext(ignored -> {
            TargetSettings.TlsFiles tls =
                    new TargetSettings.TlsFiles(Optional.of(runner.caFile()), Optional.empty(), Optional.empty());
            Target target = HttpTarget.open(
                    vertx, TargetSettings.of("bare", runner.rpcUri(), loops).with(tls));
            for (int i = 0; i < loops; i++) {
                next(target);
            }
        });
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private void next(Target target) {
        JobEvent event = jobs.poll();
        if (event != null) {
            Job job = new Job(event.type(), "enwiki", "s1", "en.wiki.test", "", "", event.bytes());
            target.send(job, Duration.ofSeconds(30)).onComplete(attempt -> next(target));
        }
    }
}
