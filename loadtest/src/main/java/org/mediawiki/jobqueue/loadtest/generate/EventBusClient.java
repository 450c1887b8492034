package org.mediawiki.jobqueue.loadtest.generate;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
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
        byte[] body = body(events).getBytes();
        return HttpRequest.newBuilder(uri)
                .timeout(timeout)
                .header("content-type", "application/json")
                .expectContinue(body.length > ASKS_FROM_BYTES)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
    }

    /** The events in a JSON array, with nothing between its elements. */
    public static Buffer body(List<Buffer> events) {
        Buffer body = Buffer.buffer("[");
        for (Buffer event : events) {
            body.appendString(body.length() == 1 ? "" : ",").appendBuffer(event);
        }
        return body.appendString("]");
    }
}
