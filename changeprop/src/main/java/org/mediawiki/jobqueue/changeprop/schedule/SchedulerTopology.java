package org.mediawiki.jobqueue.changeprop.schedule;

import java.util.Map;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.VoidSerializer;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.WallclockTimestampExtractor;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.state.Stores;
import org.mediawiki.jobqueue.changeprop.publish.OwnTopics;

/** From the scheduled topic through the stores to the retry topics. */
final class SchedulerTopology {

    static final String EVENTS = "waiting";
    static final String COUNTS = "counts";

    /** An event as large as its topic takes, and what the store adds. */
    static final int MAX_RECORD_BYTES = OwnTopics.MAX_EVENT_BYTES + 64 * 1024;

    /** Small segments, since only closed ones are compacted: what was released is read again by whoever restores. */
    private static final Map<String, String> CHANGELOG = Map.of(
            TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(MAX_RECORD_BYTES),
            TopicConfig.DELETE_RETENTION_MS_CONFIG, Long.toString(StoreFolder.REMEMBERED.toMillis()),
            TopicConfig.SEGMENT_BYTES_CONFIG, Integer.toString(64 * 1024 * 1024),
            TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG, "0.3");

    private SchedulerTopology() {}

    static Topology of(SchedulerParts parts, boolean exactlyOnce) {
        return of(parts.topics().scheduledTopic(), () -> new ScheduleProcessor(parts, exactlyOnce));
    }

    static Topology of(String scheduledTopic, ProcessorSupplier<byte[], byte[], Void, Release> processors) {
        return new Topology()
                .addSource(
                        AutoOffsetReset.earliest(),
                        "scheduled",
                        // Not the record's own time: it may be missing or wrong, and nothing depends on it.
                        new WallclockTimestampExtractor(),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer(),
                        scheduledTopic)
                .addProcessor("schedule", processors, "scheduled")
                .addStateStore(
                        Stores.keyValueStoreBuilder(
                                        Stores.persistentKeyValueStore(EVENTS), Serdes.ByteArray(), Serdes.ByteArray())
                                .withCachingDisabled()
                                .withLoggingEnabled(CHANGELOG),
                        "schedule")
                // A cache would write once for each type and commit, not for each event. But what it holds keeps
                // the record alive that it came from, and 4 MiB for each type are more than a small heap has.
                .addStateStore(
                        Stores.keyValueStoreBuilder(
                                        Stores.inMemoryKeyValueStore(COUNTS), Serdes.String(), Serdes.Long())
                                .withCachingDisabled()
                                .withLoggingEnabled(CHANGELOG),
                        "schedule")
                .addSink(
                        "released",
                        Release.TOPIC,
                        new VoidSerializer(),
                        Release.PAYLOAD,
                        Release.PARTITION,
                        "schedule");
    }
}
