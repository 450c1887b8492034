package org.mediawiki.jobqueue.runner.http;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.mediawiki.jobqueue.runner.Attempt;
import org.mediawiki.jobqueue.runner.Attempt.Answered;
import org.mediawiki.jobqueue.runner.Job;
import org.mediawiki.jobqueue.runner.Time;

/** Sends from a context of its own, as a lane does, and lets the test's thread wait for what comes of it. */
final class SendingContext {

    static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final Context context;
    private final HttpTarget target;

    SendingContext(Vertx vertx, TargetSettings settings) {
        this(vertx, settings, Time.of(vertx));
    }

    SendingContext(Vertx vertx, TargetSettings settings, Time time) {
        this(vertx, settings, time, () -> true);
    }

    SendingContext(Vertx vertx, TargetSettings settings, Time time, BooleanSupplier maySend) {
        this.context = vertx.getOrCreateContext();
        this.target = new HttpTarget(vertx, settings, time, maySend);
    }

    Attempt send(Job job) {
        return send(job, TIMEOUT);
    }

    Attempt send(Job job, Duration timeout) {
        return await(start(job, timeout));
    }

    CompletableFuture<Attempt> start(Job job, Duration timeout) {
        CompletableFuture<Attempt> attempt = new CompletableFuture<>();
        context.runOnContext(
                go -> target.send(job, timeout).onComplete(attempt::complete, attempt::completeExceptionally));
        return attempt;
    }

    /** Sends the next job as soon as the answer to the last is heard of, as a lane at its limit does. */
    CompletableFuture<Void> sendOneAfterTheOther(Job job, AtomicInteger left) {
        CompletableFuture<Void> all = new CompletableFuture<>();
        context.runOnContext(go -> sendNext(job, left, all));
        return all;
    }

    private void sendNext(Job job, AtomicInteger left, CompletableFuture<Void> all) {
        if (left.getAndDecrement() <= 0) {
            all.complete(null);
        } else {
            target.send(job, TIMEOUT).onSuccess(attempt -> {
                if (attempt instanceof Answered) {
                    sendNext(job, left, all);
                } else {
                    all.completeExceptionally(new AssertionError(attempt));
                }
            });
        }
    }

    void close() {
        CompletableFuture<Void> closed = new CompletableFuture<>();
        context.runOnContext(go -> target.close().onComplete(closed::complete, closed::completeExceptionally));
        await(closed);
    }

    static <T> T await(CompletableFuture<T> future) {
        try {
            return future.get(2 * TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    static Job job() {
        return job("{}");
    }

    static Job job(String body) {
        return job("en.wiki.example", Buffer.buffer(body));
    }

    static Job job(String domain, Buffer body) {
        return new Job("refreshLinks", "enwiki", "s1", domain, "req-1", "req:req-1,mediawiki.job.x:https://u", body);
    }
}
