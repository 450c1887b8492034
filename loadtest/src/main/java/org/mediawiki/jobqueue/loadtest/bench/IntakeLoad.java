package org.mediawiki.jobqueue.loadtest.bench;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.mediawiki.jobqueue.loadtest.generate.EventBusClient;

/**
 * Posts to an intake in an open loop: one is due when it is due, whether those before it were answered or not, and its latency
 * counts from there, so that a stall is seen by every post that it delays. Connections are kept and bounded in number, as by
 * the proxy through which MediaWiki's application servers post. One thread calls {@link #run}; answers are counted on the
 * client's event loop.
 */
final class IntakeLoad implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int CREATED = 201;

    private final Vertx vertx = Vertx.vertx();
    private final HttpClient http;
    private final RequestOptions request;
    private final List<Buffer> bodies;

    /**
     * @param port of the intake, on the loopback interface
     * @param connections that are kept at most
     * @param events that are posted in turn
     * @param batch of them in a post
     */
    IntakeLoad(int port, int connections, List<Buffer> events, int batch) {
        this.http = vertx.httpClientBuilder()
                .with(new HttpClientOptions().setDefaultHost("127.0.0.1").setDefaultPort(port))
                .with(new PoolOptions().setHttp1MaxSize(connections))
                .build();
        this.request = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setURI("/v1/events")
                .setTimeout(TIMEOUT.toMillis())
                .putHeader("content-type", "application/json");
        this.bodies = IntStream.rangeClosed(0, events.size() - batch)
                .filter(first -> first % batch == 0)
                .mapToObj(first -> EventBusClient.body(events.subList(first, first + batch)))
                .toList();
    }

    /** Whether the intake takes a post; false as long as nobody listens. */
    boolean isTaken() {
        return post(0).otherwise(0).toCompletionStage().toCompletableFuture().join() == CREATED;
    }

    /** Posts {@code rate} times a second for {@code length}, and waits for all answers. */
    Latencies run(int rate, Duration length) {
        Latencies latencies = new Latencies();
        long intervalNanos = Duration.ofSeconds(1).toNanos() / rate;
        int posts = (int) length.toSeconds() * rate;
        CountDownLatch answers = new CountDownLatch(posts);
        long begin = System.nanoTime();
        for (int post = 0; post < posts; post++) {
            long due = begin + post * intervalNanos;
            for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            post(post).otherwise(0).onSuccess(status -> {
                latencies.answered(System.nanoTime() - due, status == CREATED);
                answers.countDown();
            });
        }
        try {
            answers.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return latencies;
    }

    private Future<Integer> post(int number) {
        Promise<Integer> status = Promise.promise();
        vertx.runOnContext(go -> exchange(number).onComplete(status));
        return status.future();
    }

    /** On an event loop: an answer's body may have gone by before another thread asks for it. */
    private Future<Integer> exchange(int number) {
        return http.request(request)
                .compose(post -> post.send(bodies.get(number % bodies.size())))
                .compose(answer -> answer.body().map(answer.statusCode()));
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    /** How long posts took; written by the event loop, read when all were answered. */
    static final class Latencies {

        private final Histogram histogram = new ConcurrentHistogram(3);
        private final AtomicInteger failed = new AtomicInteger();

        private void answered(long nanos, boolean taken) {
            histogram.recordValue(nanos);
            if (!taken) {
                failed.incrementAndGet();
            }
        }

        long posts() {
            return histogram.getTotalCount();
        }

        /** Those that were not answered 201, or not at all. */
        int failed() {
            return failed.get();
        }

        double millis(double percentile) {
            return histogram.getValueAtPercentile(percentile) / 1e6;
        }
    }
}
