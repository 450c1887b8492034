package org.mediawiki.jobqueue.changeprop.admin.api;

import static java.net.http.HttpRequest.BodyPublishers.ofString;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.mediawiki.jobqueue.changeprop.config.AdminConfig;
import org.mediawiki.jobqueue.changeprop.config.Secret;

/** The API of a fake instance on a port of its own. */
final class ServedApi implements AutoCloseable {

    static final String TOKEN = "open sesame";

    /** Longer than instances wait for each other. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final Vertx vertx = Vertx.vertx();
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicInteger audited = new AtomicInteger();
    private final AdminApi api;
    private final HttpServer server;

    private ServedApi(FakeInstance instance, @Nullable Secret token, boolean protectsReads) {
        AdminConfig config = new AdminConfig("127.0.0.1", 0, token, protectsReads);
        this.api = new AdminApi(
                vertx, config, FakePorts.of(vertx, instance, refused::incrementAndGet, audited::incrementAndGet));
        Router router = Router.router(vertx);
        api.mount(router);
        this.server = vertx.createHttpServer()
                .requestHandler(router)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    static ServedApi of(FakeInstance instance) {
        return new ServedApi(instance, new Secret(TOKEN), false);
    }

    static ServedApi withoutToken(FakeInstance instance) {
        return new ServedApi(instance, null, false);
    }

    /** Nobody can look at it, nor change anything. */
    static ServedApi closed(FakeInstance instance) {
        return new ServedApi(instance, null, true);
    }

    int port() {
        return server.actualPort();
    }

    /** How many requests were counted as refused. */
    int refused() {
        return refused.get();
    }

    /** How often the audit was told of a change: before it is made, and after. */
    int audited() {
        return audited.get();
    }

    /** What is answered to whoever looks, without the token. */
    String get(String path) {
        HttpResponse<String> answer = look(path);
        if (answer.statusCode() != 200) {
            throw new AssertionError(answer.statusCode() + ": " + answer.body());
        }
        return answer.body();
    }

    /** Any look; {@code headers} are names and values. */
    HttpResponse<String> look(String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return sent(request);
    }

    /** A post of JSON, with the token. */
    JsonObject post(String path, JsonObject body) {
        HttpResponse<String> answer = order(path, body.encode());
        if (answer.statusCode() != 200) {
            throw new AssertionError(answer.statusCode() + ": " + answer.body());
        }
        return new JsonObject(answer.body());
    }

    /** A post with the token of what says that it is JSON. */
    HttpResponse<String> order(String path, String body) {
        return send(path, body, "authorization", "Bearer " + TOKEN, "content-type", "application/json");
    }

    /** Any post; {@code headers} are names and values. */
    HttpResponse<String> send(String path, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path)).POST(ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return sent(request);
    }

    /** A put of JSON, with the token. */
    HttpResponse<String> put(String path, String body) {
        return sent(HttpRequest.newBuilder(uri(path))
                .PUT(ofString(body))
                .headers("authorization", "Bearer " + TOKEN, "content-type", "application/json"));
    }

    /** A delete, with the token. */
    HttpResponse<String> delete(String path) {
        return sent(HttpRequest.newBuilder(uri(path)).DELETE().header("authorization", "Bearer " + TOKEN));
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port() + path);
    }

    private static HttpResponse<String> sent(HttpRequest.Builder request) {
        try {
            return HTTP.send(request.timeout(PATIENCE).build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        // One after the other: what is told on a context is not told any more when the contexts are gone.
        api.close().toCompletionStage().toCompletableFuture().join();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
