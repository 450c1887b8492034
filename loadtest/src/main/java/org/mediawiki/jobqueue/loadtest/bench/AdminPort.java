package org.mediawiki.jobqueue.loadtest.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Asks a service at its admin port, and says what an answer costs. */
final class AdminPort {

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LOOKS = 20;

    private final MeasuredService service;

    AdminPort(MeasuredService service) {
        this.service = service;
    }

    JsonNode get(String path) throws IOException, InterruptedException {
        return JSON.readTree(send(to(path).build()).body());
    }

    JsonNode post(String path, JsonNode body) throws IOException, InterruptedException {
        HttpRequest request = to(path).header("authorization", "Bearer " + MeasuredService.TOKEN)
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
                .build();
        return JSON.readTree(send(request).body());
    }

    /** Bytes on the wire, time and CPU of an answer, by some that follow each other. */
    String cost(String path) throws IOException, InterruptedException {
        return cost(path, Duration.ZERO);
    }

    /** The same with {@code pause} between them; CPU is the whole service's, so it has nothing else to do. */
    String cost(String path, Duration pause) throws IOException, InterruptedException {
        HttpRequest request = to(path).header("accept-encoding", "gzip").build();
        int bytes = send(request).body().length;
        Duration cpu = service.cpu();
        long nanos = 0;
        for (int i = 0; i < LOOKS; i++) {
            TimeUnit.MILLISECONDS.sleep(pause.toMillis());
            long begin = System.nanoTime();
            bytes = send(request).body().length;
            nanos += System.nanoTime() - begin;
        }
        return String.format(
                Locale.ROOT,
                "%,d bytes, %.1f ms, %.1f ms of CPU",
                bytes,
                nanos / 1e6 / LOOKS,
                service.cpu().minus(cpu).toNanos() / 1e6 / LOOKS);
    }

    private HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(service.admin().resolve(path)).timeout(Duration.ofMinutes(2));
    }

    private static HttpResponse<byte[]> send(HttpRequest request) throws IOException, InterruptedException {
        HttpResponse<byte[]> answer = HTTP.send(request, BodyHandlers.ofByteArray());
        if (answer.statusCode() != 200) {
            throw new IllegalStateException(request.uri() + ": " + answer.statusCode());
        }
        return answer;
    }
}
