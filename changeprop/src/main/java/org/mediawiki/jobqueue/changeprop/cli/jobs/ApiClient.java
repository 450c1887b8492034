package org.mediawiki.jobqueue.changeprop.cli.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Asks the admin API. Blocks. */
final class ApiClient {

    /** A page of an order may take some seconds, and Kafka's patience on top. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final URI url;
    private final Optional<String> token;
    private final String operator;

    ApiClient(URI url, Optional<String> token, String operator) {
        this.url = url;
        this.token = token;
        this.operator = operator;
    }

    /** It was not done; {@code getMessage} is for people. */
    static final class Refused extends RuntimeException {

        private static final long serialVersionUID = 1;

        Refused(String message) {
            super(message, null, false, false);
        }
    }

    JsonNode get(String path, Map<String, String> query) {
        return send("GET", path + queryOf(query), HttpRequest.BodyPublishers.noBody());
    }

    JsonNode post(String path, JsonNode body) {
        return send("POST", path, HttpRequest.BodyPublishers.ofString(body.toString()));
    }

    JsonNode put(String path, JsonNode body) {
        return send("PUT", path, HttpRequest.BodyPublishers.ofString(body.toString()));
    }

    JsonNode delete(String path, Map<String, String> query) {
        return send("DELETE", path + queryOf(query), HttpRequest.BodyPublishers.noBody());
    }

    /** A name as part of a path. */
    static String part(String name) {
        return encoded(name).replace("+", "%20");
    }

    private JsonNode send(String method, String path, HttpRequest.BodyPublisher body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(url.resolve("/api/v1/" + path))
                .timeout(PATIENCE)
                .header("content-type", "application/json")
                .header("x-operator", ascii(operator))
                .method(method, body);
        token.ifPresent(secret -> request.header("authorization", "Bearer " + secret));
        try {
            HttpResponse<String> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new Refused(reason(answer));
            }
            return JSON.readTree(answer.body());
        } catch (IOException e) {
            throw new Refused(url + " does not answer: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refused("interrupted");
        }
    }

    private static String reason(HttpResponse<String> answer) throws IOException {
        boolean isProblem =
                answer.headers().firstValue("content-type").orElse("").startsWith("application/problem+json");
        if (!isProblem) {
            return "the answer is " + answer.statusCode() + "; is that the admin port?";
        }
        JsonNode problem = JSON.readTree(answer.body());
        String hint = answer.statusCode() == 401 ? " (set JOBQUEUE_ADMIN_TOKEN)" : "";
        return problem.path("title").asText() + ": " + problem.path("detail").asText() + hint;
    }

    private static String queryOf(Map<String, String> query) {
        return query.isEmpty()
                ? ""
                : query.entrySet().stream()
                        .map(field -> field.getKey() + "=" + encoded(field.getValue()))
                        .collect(Collectors.joining("&", "?", ""));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String ascii(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFKD).replaceAll("[^ -~]", "");
    }
}
