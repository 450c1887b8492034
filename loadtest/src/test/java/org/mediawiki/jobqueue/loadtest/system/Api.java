package org.mediawiki.jobqueue.loadtest.system;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Optional;
import org.mediawiki.jobqueue.changeprop.app.Service;

/** The admin API of one instance, as a program uses it. */
final class Api {

    static final String TOKEN = "correct horse battery staple";

    /** The keys of a configuration with that token. */
    static final String ADMIN = "admin: {port: 0, token: \"" + TOKEN + "\"}";

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final int port;
    private final Optional<String> token;
    private final String operator;

    private Api(int port, Optional<String> token, String operator) {
        this.port = port;
        this.token = token;
        this.operator = operator;
    }

    static Api of(Service service) {
        return new Api(service.adminPort(), Optional.of(TOKEN), "ada");
    }

    Api without() {
        return new Api(port, Optional.empty(), operator);
    }

    Api with(String otherToken) {
        return new Api(port, Optional.of(otherToken), operator);
    }

    Api as(String name) {
        return new Api(port, token, name);
    }

    String address() {
        return "http://127.0.0.1:" + port;
    }

    JsonObject get(String path) {
        return new JsonObject(body("GET", path, ""));
    }

    JsonArray list(String path) {
        return new JsonArray(body("GET", path, ""));
    }

    JsonObject post(String path, JsonObject body) {
        return new JsonObject(body("POST", path, body.encode()));
    }

    HttpResponse<String> send(String method, String path, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address() + path))
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .header("x-operator", operator)
                .header("content-type", "application/json");
        token.ifPresent(secret -> request.header("authorization", "Bearer " + secret));
        for (int i = 0; i < headers.length; i += 2) {
            request.setHeader(headers[i], headers[i + 1]);
        }
        try {
            return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private String body(String method, String path, String body) {
        HttpResponse<String> response = send(method, path, body);
        if (response.statusCode() != 200) {
            throw new AssertionError(response.statusCode() + " " + path + ": " + response.body());
        }
        return response.body();
    }
}
