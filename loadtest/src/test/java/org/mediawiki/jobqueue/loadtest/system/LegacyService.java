package org.mediawiki.jobqueue.loadtest.system;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * The legacy service as others see it, run by hand: a consumer group for each rule, keys in Redis, retry events, a
 * partitioner that copies jobs. It "runs" a job by writing down its id. As {@code lib/base_executor.js},
 * {@code lib/retry_executor.js}, {@code sys/deduplicator.js} and {@code sys/partitioner.js} have it.
 */
final class LegacyService implements AutoCloseable {

    /** What is farther away than any topic of a test is long. */
    static final int TO_THE_END = Integer.MAX_VALUE;

    private final TestBed bed;
    private final Vertx vertx = Vertx.vertx();
    private final Redis redis;
    private final List<String> done = new ArrayList<>();

    LegacyService(TestBed bed, URI redis) {
        this.bed = bed;
        this.redis = Redis.createClient(vertx, redis.toString());
    }

    /** The ids of the jobs that it has run, in order. */
    List<String> done() {
        return done;
    }

    /** Runs the next jobs of a topic for a rule, and commits that. */
    void run(String rule, String topic, int count) {
        forNext(rule, topic, count, true, event -> runUnlessDuplicate(rule, event));
    }

    /** Runs the next jobs, and is killed before it commits. */
    void runAndLoseTheCommit(String rule, String topic, int count) {
        forNext(rule, topic, count, false, event -> runUnlessDuplicate(rule, event));
    }

    /** Passes over the next jobs as having failed: each becomes a retry event. */
    void fail(String rule, String topic, int count) {
        forNext(rule, topic, count, true, event -> {
            isDuplicate(rule, event);
            bed.producer()
                    .produceRaw(
                            bed.retryTopic(type(event)), retryOf(rule, event).toBuffer());
        });
    }

    /** Runs what waits in a retry topic, of this rule's events; duplicates do not count there. */
    void runRetries(String rule, String retryTopic, int count) {
        forNext(rule, retryTopic, count, true, retry -> {
            if (retry.getString("emitter_id").equals(bed.group() + "#" + rule)
                    && retry.getInteger("retries_left") > 0) {
                done.add(id(retry.getJsonObject("original_event")));
            }
        });
    }

    /** Sorts the next jobs of a type into the partitioned topic. */
    void partition(String type, int count, int partitions) {
        forNext(type + "_partitioner", bed.topic(type), count, true, event -> {
            JsonObject copy = event.copy();
            copy.getJsonObject("meta").put("stream", bed.group() + ".partitioned.mediawiki.job." + type);
            int partition = Math.floorMod(id(event).hashCode(), partitions);
            bed.producer().produceRaw(bed.partitionedTopic(type), partition, copy.toBuffer());
        });
    }

    private JsonObject retryOf(String rule, JsonObject event) {
        JsonObject meta = event.getJsonObject("meta");
        return new JsonObject()
                .put("$schema", "/change-prop/retry/1.0.0")
                .put(
                        "meta",
                        new JsonObject()
                                .put("stream", bed.group() + ".retry." + meta.getString("stream"))
                                .put("uri", meta.getString("uri"))
                                .put("domain", meta.getString("domain"))
                                .put("id", "retry-of-" + meta.getString("id"))
                                .put("request_id", meta.getString("request_id"))
                                .put("dt", Instant.now().toString()))
                .put("triggered_by", "req:" + meta.getString("request_id") + "," + meta.getString("stream") + ":")
                .put("emitter_id", bed.group() + "#" + rule)
                .put("retries_left", 2)
                .put("original_event", event)
                .put("error_status", 503);
    }

    private void runUnlessDuplicate(String rule, JsonObject event) {
        if (!isDuplicate(rule, event)) {
            done.add(id(event));
        }
    }

    /** Remembers the job as it starts, as the legacy service does. */
    private boolean isDuplicate(String rule, JsonObject event) {
        JsonObject meta = event.getJsonObject("meta");
        String name = rule.equals("low_traffic_jobs") ? rule + "-" + meta.getString("stream") : rule;
        String key = "CPJQ_dedupe_" + name + "_" + meta.getString("domain") + "_" + id(event);
        // Nothing is answered where the key is there already; its time is counted anew all the same.
        Optional<Response> isNew = Optional.ofNullable(
                get(redis.send(Request.cmd(Command.SET).arg(key).arg("1").arg("NX"))));
        get(redis.send(Request.cmd(Command.EXPIRE).arg(key).arg(3_600)));
        return isNew.isEmpty();
    }

    private void forNext(String rule, String topic, int count, boolean commits, Consumer<JsonObject> handler) {
        String group = bed.group() + "-" + rule;
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        SharedKafka.bootstrapServers(),
                        "group.id",
                        group,
                        "enable.auto.commit",
                        false),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            Map<TopicPartition, Long> ends = bed.ends(List.of(topic));
            consumer.assign(ends.keySet());
            Map<TopicPartition, Long> committed = bed.committed(group);
            ends.keySet().forEach(partition -> consumer.seek(partition, committed.getOrDefault(partition, 0L)));
            for (ConsumerRecord<byte[], byte[]> record : next(consumer, ends, count)) {
                handler.accept(new JsonObject(Buffer.buffer(record.value())));
                if (commits) {
                    consumer.commitSync(Map.of(
                            new TopicPartition(record.topic(), record.partition()),
                            new OffsetAndMetadata(record.offset() + 1)));
                }
            }
        }
    }

    private static List<ConsumerRecord<byte[], byte[]>> next(
            KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends, int count) {
        Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> read =
                new TreeMap<>(Comparator.comparing(TopicPartition::toString));
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            consumer.poll(Duration.ofMillis(100))
                    .forEach(record -> read.computeIfAbsent(
                                    new TopicPartition(record.topic(), record.partition()), unused -> new ArrayList<>())
                            .add(record));
        }
        return read.values().stream().flatMap(List::stream).limit(count).toList();
    }

    private static String id(JsonObject event) {
        return event.getJsonObject("meta").getString("id");
    }

    private static String type(JsonObject event) {
        return event.getString("type");
    }

    private static <T> T get(Future<T> future) {
        try {
            return future.await(TestBed.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        redis.close();
        get(vertx.close());
    }
}
