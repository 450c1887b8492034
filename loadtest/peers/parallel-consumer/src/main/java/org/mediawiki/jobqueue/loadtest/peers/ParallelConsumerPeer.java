package org.mediawiki.jobqueue.loadtest.peers;

import io.confluent.parallelconsumer.ParallelConsumerOptions;
import io.confluent.parallelconsumer.ParallelConsumerOptions.CommitMode;
import io.confluent.parallelconsumer.ParallelConsumerOptions.ProcessingOrder;
import io.confluent.parallelconsumer.vertx.VertxParallelEoSStreamProcessor;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.ext.web.client.WebClient;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Confluent's Parallel Consumer with its Vert.x engine, and the bare loop's HTTP client. */
public final class ParallelConsumerPeer {

    /** So many records for each place, and no fewer than two fetches have: the library stops fetching when it has more. */
    private static final int RECORDS_PER_PLACE = 10;

    private static final int TWO_FETCHES = 2_000;

    private ParallelConsumerPeer() {}

    /** Arguments: bootstrap servers, topics (with commas), target URI, CA file, requests at once. Runs until SIGTERM. */
    public static void main(String[] arguments) {
        int limit = Integer.parseInt(arguments[4]);
        Vertx vertx = Vertx.vertx();
        HttpClient client = vertx.createHttpClient(
                new HttpClientOptions().setSsl(true).setTrustOptions(new PemTrustOptions().addCertPath(arguments[3])),
                new PoolOptions().setHttp1MaxSize(limit));
        RequestOptions request = new RequestOptions().setMethod(HttpMethod.POST).setAbsoluteURI(arguments[2]);
        Context context = vertx.getOrCreateContext();
        VertxParallelEoSStreamProcessor<byte[], byte[]> processor = new VertxParallelEoSStreamProcessor<>(
                vertx, WebClient.wrap(client), options(consumer(arguments[0]), limit));
        Runtime.getRuntime().addShutdownHook(new Thread(processor::close));
        processor.subscribe(List.of(arguments[1].split(",")));
        processor.vertxFuture(record -> {
            Buffer body = Buffer.buffer(record.value());
            Promise<Buffer> done = Promise.promise();
            context.runOnContext(ignored -> client.request(request)
                    .compose(ready ->
                            ready.putHeader("content-type", "application/json").send(body))
                    .compose(ParallelConsumerPeer::end)
                    .onComplete(done));
            return done.future();
        });
    }

    /** Fails where the job has failed, so that the library tries it again. */
    private static Future<Buffer> end(HttpClientResponse response) {
        Future<Buffer> body = response.body();
        return response.statusCode() / 100 == 2
                ? body
                : body.compose(ignored -> Future.failedFuture("status " + response.statusCode()));
    }

    private static ParallelConsumerOptions<byte[], byte[]> options(KafkaConsumer<byte[], byte[]> consumer, int limit) {
        return ParallelConsumerOptions.<byte[], byte[]>builder()
                .consumer(consumer)
                .ordering(ProcessingOrder.UNORDERED)
                .commitMode(CommitMode.PERIODIC_CONSUMER_ASYNCHRONOUS)
                .maxConcurrency(limit)
                .messageBufferSize(Math.max(TWO_FETCHES, RECORDS_PER_PLACE * limit))
                .build();
    }

    private static KafkaConsumer<byte[], byte[]> consumer(String bootstrapServers) {
        return new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrapServers,
                        "group.id",
                        "parallel-consumer",
                        "auto.offset.reset",
                        "earliest",
                        "enable.auto.commit",
                        false),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }
}
