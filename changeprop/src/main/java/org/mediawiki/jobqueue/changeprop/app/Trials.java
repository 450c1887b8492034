package org.mediawiki.jobqueue.changeprop.app;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.mediawiki.jobqueue.changeprop.admin.api.ThisInstance.Trial;
import org.mediawiki.jobqueue.changeprop.admin.api.ThisInstance.TrialJob;
import org.mediawiki.jobqueue.changeprop.config.Configuration;
import org.mediawiki.jobqueue.changeprop.config.TargetConfig;
import org.mediawiki.jobqueue.runner.Attempt;
import org.mediawiki.jobqueue.runner.Job;
import org.mediawiki.jobqueue.runner.Target;
import org.mediawiki.jobqueue.runner.Time;
import org.mediawiki.jobqueue.runner.http.HttpTarget;

/** Sends single jobs to a target that somebody names, beside all limits. Any thread. */
final class Trials {

    /** A trial is looked at by somebody who waits for it. */
    private static final Duration LONGEST = Duration.ofMinutes(2);

    private final Vertx vertx;
    private final Time time;
    private final Supplier<Configuration> configuration;

    /** {@code configuration} is what is in force. */
    Trials(Vertx vertx, Supplier<Configuration> configuration) {
        this.vertx = vertx;
        this.time = Time.of(vertx);
        this.configuration = configuration;
    }

    /** The names of the targets that there are. */
    List<String> targets() {
        return List.copyOf(configuration.get().targets().keySet());
    }

    /** What the target says to the job; empty where there is no such target. */
    Optional<Future<Trial>> tryOn(String target, TrialJob job) {
        return Optional.ofNullable(configuration.get().targets().get(target)).map(config -> send(target, config, job));
    }

    private Future<Trial> send(String name, TargetConfig config, TrialJob job) {
        Target target = HttpTarget.open(vertx, TargetForm.of(name, config, 1));
        Duration timeout = config.timeout().compareTo(LONGEST) < 0 ? config.timeout() : LONGEST;
        long began = time.nanos();
        return target.send(
                        new Job(
                                job.type(),
                                job.wiki(),
                                "",
                                job.domain(),
                                job.requestId(),
                                job.triggeredBy(),
                                job.body()),
                        timeout)
                .map(attempt -> trial(attempt, seconds(time.nanos() - began)))
                .eventually(target::close);
    }

    private static Trial trial(Attempt attempt, double seconds) {
        return attempt.match(
                answered -> new Trial(
                        "answered",
                        answered.answer().status(),
                        answered.answer().headers(),
                        answered.answer().body(),
                        seconds),
                notSent -> new Trial("not_sent", 0, Map.of(), notSent.reason(), seconds),
                lost -> new Trial("lost", 0, Map.of(), lost.reason(), seconds),
                timedOut -> new Trial("timed_out", 0, Map.of(), timedOut.reason(), seconds));
    }

    private static double seconds(long nanos) {
        return nanos / (double) TimeUnit.SECONDS.toNanos(1);
    }
}
