package org.mediawiki.jobqueue.loadtest.standin;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.HostAndPort;
import io.vertx.core.net.PemTrustOptions;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Sends jobs over HTTPS with a plain Vert.x client that trusts the stand-in's authority. */
final class JobClient implements AutoCloseable {

    private final Vertx vertx = Vertx.vertx();
    private final HttpClientAgent client;

    JobClient(StandInRunner runner, HttpVersion version) {
        this(runner.caFile(), version);
    }

    JobClient(Path caFile, HttpVersion version) {
        client = vertx.createHttpClient(
                new HttpClientOptions()
                        .setSsl(true)
                        .setSslHandshakeTimeout(30)
                        .setUseAlpn(true)
                        .setProtocolVersion(version)
                        .setTrustOptions(new PemTrustOptions().addCertPath(caFile.toString())),
                new PoolOptions().setHttp1MaxSize(20));
    }

    /** An answer that came whole. */
    record Reply(int status, Map<String, String> headers, String body) {}

    /** Posts from an event loop: a body may have gone by before another thread asks for it. */
    Future<Reply> post(URI uri, String body) {
        Promise<Reply> reply = Promise.promise();
        vertx.runOnContext(go -> exchange(uri, body).onComplete(reply));
        return reply.future();
    }

    private Future<Reply> exchange(URI uri, String body) {
        return request(HttpMethod.POST, uri)
                .compose(request -> request.authority(HostAndPort.authority("en.wiki.test"))
                        .putHeader("X-Request-Id", "r1")
                        .send(Buffer.buffer(body)))
                .compose(response -> response.body().map(whole -> {
                    Map<String, String> headers = new HashMap<>();
                    response.headers().forEach((name, value) -> headers.put(name, value));
                    return new Reply(response.statusCode(), headers, whole.toString());
                }));
    }

    Future<HttpClientRequest> request(HttpMethod method, URI uri) {
        return client.request(new RequestOptions()
                .setMethod(method)
                .setHost(uri.getHost())
                .setPort(uri.getPort())
                .setURI(uri.getPath()));
    }

    /** The failure and its causes as text, of a request that must fail. */
    static String failureOf(Future<?> future) {
        try {
            future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
            throw new AssertionError("the request did not fail");
        } catch (ExecutionException e) {
            return Stream.<Throwable>iterate(e, Objects::nonNull, Throwable::getCause)
                    .map(Throwable::toString)
                    .collect(Collectors.joining("; "));
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError("the request did not end", e);
        }
    }

    @Override
    public void close() {
        StandInRunner.done(vertx.close());
    }
}
