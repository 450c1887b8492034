package org.mediawiki.jobqueue.changeprop.dedupe;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.mediawiki.jobqueue.changeprop.config.DedupeConfig;
import org.mediawiki.jobqueue.changeprop.config.RedisConfig;
import org.mediawiki.jobqueue.changeprop.event.JobEvent;
import org.mediawiki.jobqueue.runner.Time;

/** De-duplication on a lane's context, used from a test's thread: each call waits for its answer. */
final class OnItsContext implements DeduplicationContract.Looks, AutoCloseable {

    static final Duration TTL = Duration.ofHours(1);
    static final Duration ROOT_TTL = Duration.ofHours(24);

    private static final int PATIENCE = 50;

    final Map<StoreTrouble, Integer> unchecked = new ConcurrentHashMap<>();
    final Map<StoreTrouble, Integer> unremembered = new ConcurrentHashMap<>();
    final Map<DuplicateOf, Integer> duplicates = new ConcurrentHashMap<>();
    final CountingTime time;

    private final AtomicInteger strays = new AtomicInteger();
    private final Context context;
    private final Deduplication deduplication;

    private OnItsContext(Vertx vertx, RedisConfig redis, int patience) {
        this.context = vertx.getOrCreateContext();
        this.time = new CountingTime(Time.of(vertx), patience);
        DedupeConfig config = new DedupeConfig(DedupeConfig.Store.REDIS, TTL, ROOT_TTL, redis);
        this.deduplication = result(Deduplication.open(context, config, time, new Counts()));
    }

    static OnItsContext open(Vertx vertx, URI redis) {
        return open(vertx, new RedisConfig(redis, null));
    }

    static OnItsContext open(Vertx vertx, RedisConfig redis) {
        return new OnItsContext(vertx, redis, 1);
    }

    /** One that waits fifty times as long for Redis, where it is not the subject how long that is. */
    static OnItsContext patient(Vertx vertx, URI redis) {
        return patient(vertx, new RedisConfig(redis, null));
    }

    /** As {@link #patient(Vertx, URI)}. */
    static OnItsContext patient(Vertx vertx, RedisConfig redis) {
        return new OnItsContext(vertx, redis, PATIENCE);
    }

    @Override
    public Optional<DuplicateOf> seenBefore(JobEvent job, String rule, String stream) {
        return on(() -> deduplication.seenBefore(job, rule, stream));
    }

    /** Whether a look is answered while it is asked, so that nobody waits. */
    boolean isAnsweredAtOnce(JobEvent job) {
        return on(() -> Future.succeededFuture(isAnswered(job)));
    }

    /** The same of a look that begins when one for {@code first} has been answered. */
    boolean isAnsweredAtOnceAfter(JobEvent first, JobEvent job) {
        return on(() ->
                deduplication.seenBefore(first, TestJobs.RULE, TestJobs.STREAM).map(ignored -> isAnswered(job)));
    }

    private boolean isAnswered(JobEvent job) {
        return deduplication.seenBefore(job, TestJobs.RULE, TestJobs.STREAM).isComplete();
    }

    /** Begins a look and does not wait for it. */
    Future<Optional<DuplicateOf>> look(JobEvent job) {
        return called(() -> deduplication.seenBefore(job, TestJobs.RULE, TestJobs.STREAM));
    }

    Optional<DuplicateOf> seenHere(JobEvent job) {
        return on(() -> Future.succeededFuture(deduplication.seenHere(job, TestJobs.RULE, TestJobs.STREAM)));
    }

    @Override
    public void done(JobEvent job, String rule, String stream, Instant startedAt) {
        on(() -> {
            deduplication.done(job, rule, stream, startedAt);
            return Future.succeededFuture();
        });
    }

    /** Remembers a job and does not wait for it. */
    void end(JobEvent job) {
        context.runOnContext(ignored -> deduplication.done(job, TestJobs.RULE, TestJobs.STREAM, time.instant()));
    }

    int unchecked(StoreTrouble why) {
        return unchecked.getOrDefault(why, 0);
    }

    @Override
    public void close() {
        result(called(deduplication::close));
        assertThat(strays).as("answers outside of the context").hasValue(0);
    }

    private <T> T on(Supplier<Future<T>> call) {
        return result(called(() -> call.get().onComplete(answer -> {
            strays.addAndGet(Vertx.currentContext() == context ? 0 : 1);
        })));
    }

    private <T> Future<T> called(Supplier<Future<T>> call) {
        Promise<T> answer = Promise.promise();
        context.runOnContext(ignored -> call.get().onComplete(answer));
        return answer.future();
    }

    static <T> T result(Future<T> future) {
        return future.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(10, SECONDS)
                .join();
    }

    private final class Counts implements DedupeListener {
        @Override
        public void duplicate(DuplicateOf kind) {
            duplicates.merge(kind, 1, Integer::sum);
        }

        @Override
        public void unchecked(StoreTrouble why) {
            unchecked.merge(why, 1, Integer::sum);
        }

        @Override
        public void unremembered(StoreTrouble why) {
            unremembered.merge(why, 1, Integer::sum);
        }
    }

    /** Knows how many timers wait, each for so many times as long as it is told to. */
    static final class CountingTime implements Time {

        final AtomicInteger timers = new AtomicInteger();
        private final Time real;
        private final int patience;

        CountingTime(Time real, int patience) {
            this.real = real;
            this.patience = patience;
        }

        @Override
        public Instant instant() {
            return real.instant();
        }

        @Override
        public long nanos() {
            return real.nanos();
        }

        @Override
        public Cancellation after(Duration delay, Runnable action) {
            AtomicInteger waiting = new AtomicInteger(1);
            timers.incrementAndGet();
            Runnable over = () -> timers.addAndGet(-waiting.getAndSet(0));
            Cancellation timer = real.after(delay.multipliedBy(patience), () -> {
                over.run();
                action.run();
            });
            return () -> {
                over.run();
                timer.cancel();
            };
        }
    }
}
