package org.mediawiki.jobqueue.runner.http;

import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A real HTTP(S) server on loopback that remembers what it was sent. */
final class TestRunner {

    final List<Received> received = new CopyOnWriteArrayList<>();
    final AtomicInteger connections = new AtomicInteger();
    final AtomicInteger openConnections = new AtomicInteger();

    private final HttpServer server;
    private final String scheme;

    /** A request as the server saw it. */
    record Received(
            String method,
            String uri,
            HttpVersion version,
            MultiMap headers,
            String authority,
            @Nullable String sni,
            Buffer body) {}

    TestRunner(Vertx vertx, Handler<HttpServerRequest> answer) {
        this(vertx, new HttpServerOptions(), answer);
    }

    TestRunner(Vertx vertx, HttpServerOptions options, Handler<HttpServerRequest> answer) {
        this.scheme = options.isSsl() ? "https" : "http";
        this.server = vertx.createHttpServer(options.setPort(0).setHost("127.0.0.1"))
                .connectionHandler(connection -> {
                    connections.incrementAndGet();
                    openConnections.incrementAndGet();
                    connection.closeHandler(closed -> openConnections.decrementAndGet());
                })
                .requestHandler(request -> request.body().onSuccess(body -> {
                    received.add(new Received(
                            request.method().name(),
                            request.uri(),
                            request.version(),
                            MultiMap.caseInsensitiveMultiMap().addAll(request.headers()),
                            String.valueOf(request.authority()),
                            request.connection().indicatedServerName(),
                            body));
                    answer.handle(request);
                }));
        SendingContext.await(server.listen().toCompletionStage().toCompletableFuture());
    }

    static TestRunner thatAnswers(Vertx vertx, int status, String body) {
        return new TestRunner(
                vertx, request -> request.response().setStatusCode(status).end(body));
    }

    int port() {
        return server.actualPort();
    }

    URI uri() {
        return uri("localhost");
    }

    URI uri(String host) {
        return URI.create(scheme + "://" + host + ":" + port() + "/rpc/RunSingleJob.php?a=b%20c");
    }

    /** Room for ten requests at once. */
    TargetSettings settings() {
        return TargetSettings.of("test", uri(), 10);
    }
}
