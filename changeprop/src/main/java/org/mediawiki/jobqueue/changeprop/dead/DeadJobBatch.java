package org.mediawiki.jobqueue.changeprop.dead;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Dead jobs that an order is carried out for at once. Holds no more of each than the order needs, so that many fit where
 * they are only counted or dropped. Used by one thread.
 */
final class DeadJobBatch {

    /** How many it takes. */
    static final int MOST = 500;

    /** It ends with the one that reaches so many; what is sent again is in memory a few times over. */
    static final long BYTES = 8L * 1024 * 1024;

    private final Order order;
    private final List<ErrorRecord> records = new ArrayList<>();
    private long bytes;

    DeadJobBatch(Order order) {
        this.order = order;
    }

    void add(ConsumerRecord<byte[], byte[]> record) {
        ErrorRecord added = order.needsBytes() ? ErrorRecord.of(record) : ErrorRecord.withoutBytes(record);
        records.add(added);
        bytes += added.raw().length();
    }

    boolean isFull() {
        return records.size() >= MOST || bytes >= BYTES;
    }

    List<ErrorRecord> records() {
        return records;
    }
}
