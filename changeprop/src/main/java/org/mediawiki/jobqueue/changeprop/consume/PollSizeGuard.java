package org.mediawiki.jobqueue.changeprop.consume;

import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * Weighs the records' values while a poll takes them out of the consumer's buffer, and speaks up in the middle of the
 * poll when it has brought enough. Poll thread only.
 *
 * <p>After the poll would be too late: before {@code KafkaConsumer.poll} returns, it asks the brokers for more of every
 * partition that is not paused. What comes then of a partition that is paused stays in the consumer, a whole record at
 * least for each partition, and of 50 partitions with records of 4 MiB that is 200 MiB. Of one that is paused within
 * the poll nothing is asked for.
 */
public final class PollSizeGuard implements Deserializer<byte[]> {

    private long room = Long.MAX_VALUE;
    private Runnable onFull = () -> {};

    /** Until the next call {@code onFull} runs once, when a record comes that leaves less than a byte of {@code roomBytes}. */
    void expect(long roomBytes, Runnable onFull) {
        this.room = roomBytes;
        this.onFull = onFull;
    }

    /** The value as it is. */
    @Override
    public byte @Nullable [] deserialize(String topic, byte @Nullable [] value) {
        room -= FlowControl.OVERHEAD_BYTES + (value == null ? 0 : value.length);
        if (room <= 0) {
            Runnable toldOnce = onFull;
            onFull = () -> {};
            toldOnce.run();
        }
        return value;
    }
}
