package org.mediawiki.jobqueue.loadtest.measure;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.PemTrustOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * The yardstick: one Kafka consumer and one Vert.x HTTPS client, HTTP/1.1 and JDK TLS, and no feature at all. It
 * commits by time, loses jobs, retries nothing and judges nothing.
 */
public final class BareLoop {

    private BareLoop() {}

    /** Arguments: bootstrap servers, topics (with commas), target URI, CA file, requests at once. Runs until it is killed. */
    public static void main(String[] arguments) {
        Vertx vertx = Vertx.vertx();
        int limit = Integer.parseInt(arguments[4]);
        HttpClient client = vertx.createHttpClient(
                new HttpClientOptions().setSsl(true).setTrustOptions(new PemTrustOptions().addCertPath(arguments[3])),
                new PoolOptions().setHttp1MaxSize(limit));
        RequestOptions request = new RequestOptions().setMethod(HttpMethod.POST).setAbsoluteURI(arguments[2]);
        Semaphore places = new Semaphore(limit);
        Context context = vertx.getOrCreateContext();
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(arguments[0])) {
            consumer.subscribe(List.of(arguments[1].split(",")));
            while (true) {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> {
                    places.acquireUninterruptibly();
                    Buffer body = Buffer.buffer(record.value());
                    context.runOnContext(ignored -> client.request(request)
                            .compose(ready -> send(ready, body))
                            .compose(HttpClientResponse::body)
                            .onComplete(done -> places.release()));
                });
            }
        }
    }

    private static io.vertx.core.Future<HttpClientResponse> send(HttpClientRequest request, Buffer body) {
        return request.putHeader("content-type", "application/json").send(body);
    }

    private static KafkaConsumer<byte[], byte[]> consumer(String bootstrapServers) {
        return new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrapServers,
                        "group.id",
                        "bare-loop",
                        "auto.offset.reset",
                        "earliest",
                        "enable.auto.commit",
                        true),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }
}
