package org.mediawiki.jobqueue.loadtest.generate;

import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;

/**
 * Posts events as MediaWiki's EventBus extension does: a JSON array with nothing between its elements, one header, HTTP/1.1,
 * asking for leave where curl would, and no second try. Safe for use by several threads.
 */
public final class EventBusClient {

    /** From this size on curl sends {@code Expect: 100-continue}. */
    private static final int ASKS_FROM_BYTES = 1 << 20;

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();

    private final URI uri;
    private final Duration timeout;

    /**
     * @param port of the intake, on the loopback interface
     * @param timeout the extension's, {@code $wgEventServices[...]['timeout']}
     */
    public EventBusClient(int port, Duration timeout) {
        this.uri = URI.create("http://127.0.0.1:" + port + "/v1/events");
        this.timeout = timeout;
    }

    /**
     * Posts and waits for the answer.
     *
     * @throws IOException where none came; the extension would log it, and the jobs would be lost to it
     */
    public HttpResponse<String> post(List<Buffer> events) throws IOException {
        try {
            return http.send(request(events), BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private HttpRequest request(List<Buffer> events) {
        byte[] body = body(events);
        return HttpRequest.newBuilder(uri)
                .timeout(timeout)
                .header("content-type", "application/json")
                .expectContinue(body.length > ASKS_FROM_BYTES)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
    }

    private static byte[] body(List<Buffer> events) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        try {
            body.write('[');
            for (int i = 0; i < events.size(); i++) {
                if (i > 0) {
                    body.write(',');
                }
                body.write(events.get(i).getBytes());
            }
            body.write(']');
        } catch (IOException e) {
            throw new UncheckedIOException("memory cannot be written to", e);
        }
        return body.toByteArray();
    }
}
