package org.mediawiki.jobqueue.loadtest.peers;

import com.linecorp.decaton.processor.Completion;
import com.linecorp.decaton.processor.DecatonProcessor;
import com.linecorp.decaton.processor.ProcessingContext;
import com.linecorp.decaton.processor.runtime.ProcessorProperties;
import com.linecorp.decaton.processor.runtime.ProcessorSubscription;
import com.linecorp.decaton.processor.runtime.ProcessorsBuilder;
import com.linecorp.decaton.processor.runtime.Property;
import com.linecorp.decaton.processor.runtime.RetryConfig;
import com.linecorp.decaton.processor.runtime.StaticPropertySupplier;
import com.linecorp.decaton.processor.runtime.SubscriptionBuilder;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.PemTrustOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** LINE's Decaton with deferred completions, and the bare loop's HTTP client, whose pool is what limits the requests. */
public final class DecatonPeer {

    /** Of all topics together; Decaton's default is as many for each partition. */
    private static final int PENDING = 10_000;

    private static final long SHUTDOWN_MILLIS = 10_000;

    private DecatonPeer() {}

    /** Arguments: bootstrap servers, topics (with commas), target URI, CA file, requests at once. Runs until SIGTERM. */
    public static void main(String[] arguments) throws InterruptedException, ExecutionException {
        List<String> topics = List.of(arguments[1].split(","));
        int limit = Integer.parseInt(arguments[4]);
        Vertx vertx = Vertx.vertx();
        HttpClient client = vertx.createHttpClient(
                new HttpClientOptions().setSsl(true).setTrustOptions(new PemTrustOptions().addCertPath(arguments[3])),
                new PoolOptions().setHttp1MaxSize(limit));
        RequestOptions request = new RequestOptions().setMethod(HttpMethod.POST).setAbsoluteURI(arguments[2]);
        Context context = vertx.getOrCreateContext();
        DecatonProcessor<byte[]> processor = (job, value) -> {
            Completion completion = job.deferCompletion();
            Buffer body = Buffer.buffer(value);
            context.runOnContext(ignored -> client.request(request)
                    .compose(ready ->
                            ready.putHeader("content-type", "application/json").send(body))
                    .compose(DecatonPeer::end)
                    .onSuccess(done -> completion.complete())
                    .onFailure(failure -> retry(job)));
        };
        createRetryTopics(arguments[0], topics);
        int pending = Math.max(limit, PENDING / topics.size());
        List<ProcessorSubscription> subscriptions = topics.stream()
                .map(topic -> subscription(arguments[0], topic, pending, processor))
                .toList();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> CompletableFuture.allOf(subscriptions.stream()
                        .map(ProcessorSubscription::asyncClose)
                        .toArray(CompletableFuture[]::new))
                .join()));
        subscriptions.forEach(ProcessorSubscription::start);
    }

    private static ProcessorSubscription subscription(
            String bootstrapServers, String topic, int pending, DecatonProcessor<byte[]> processor) {
        Properties consumer = new Properties();
        consumer.setProperty("bootstrap.servers", bootstrapServers);
        // Each topic has a consumer of its own; in one group, each that joins would stop all the others.
        consumer.setProperty("group.id", "decaton-" + topic);
        consumer.setProperty("auto.offset.reset", "earliest");
        // More than a fetch brings. While something is left of one, this version of the client asks for the empty retry topic alone,
        // and fetches nothing else until the broker has waited for that in vain (KAFKA-17182).
        consumer.setProperty("max.poll.records", "5000");
        // It does so too while pending records pause the other topic.
        consumer.setProperty("fetch.max.wait.ms", "50");
        return SubscriptionBuilder.newBuilder(topic)
                .consumerConfig(consumer)
                .addProperties(StaticPropertySupplier.of(
                        Property.ofStatic(ProcessorProperties.CONFIG_MAX_PENDING_RECORDS, pending),
                        Property.ofStatic(ProcessorProperties.CONFIG_SHUTDOWN_TIMEOUT_MS, SHUTDOWN_MILLIS),
                        Property.ofStatic(ProcessorProperties.CONFIG_LOGGING_MDC_ENABLED, false)))
                .enableRetry(RetryConfig.withBackoff(Duration.ofSeconds(1)))
                .processorsBuilder(ProcessorsBuilder.consuming(topic, new ByteArrayDeserializer())
                        .thenProcess(processor))
                .build();
    }

    /** Fails where the job has failed. */
    private static Future<Buffer> end(HttpClientResponse response) {
        Future<Buffer> body = response.body();
        return response.statusCode() / 100 == 2
                ? body
                : body.compose(ignored -> Future.failedFuture("status " + response.statusCode()));
    }

    /** Writes the job to the retry topic, which completes it. */
    private static void retry(ProcessingContext<byte[]> job) {
        try {
            job.retry();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Before subscribing to them: one that comes later would rebalance its group amid the first jobs. */
    private static void createRetryTopics(String bootstrapServers, List<String> topics)
            throws InterruptedException, ExecutionException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            List<NewTopic> wanted = topics.stream()
                    .map(topic -> topic + RetryConfig.DEFAULT_RETRY_TOPIC_SUFFIX)
                    .map(name -> new NewTopic(name, Optional.empty(), Optional.empty()))
                    .toList();
            for (KafkaFuture<Void> created : admin.createTopics(wanted).values().values()) {
                try {
                    created.get();
                } catch (ExecutionException e) {
                    if (!(e.getCause() instanceof TopicExistsException)) {
                        throw e;
                    }
                }
            }
        }
    }
}
