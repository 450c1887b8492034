package org.mediawiki.jobqueue.changeprop.schedule;

import java.nio.file.Path;

/**
 * What may be tuned.
 *
 * @param folder where the stores are kept; one process at a time, best a volume that survives it: what is there need not
 *     be read again from Kafka.
 * @param memoryBytes of all stores together, outside the heap: blocks, indices, filters, memtables. From 8 MiB on
 * @param threads that share the partitions of the scheduled topic
 */
public record SchedulerSettings(Path folder, long memoryBytes, int threads) {

    private static final long LEAST_MEMORY = 8L * 1024 * 1024;

    public SchedulerSettings {
        if (memoryBytes < LEAST_MEMORY || threads < 1) {
            throw new IllegalArgumentException("at least 8 MiB and 1 thread are needed");
        }
    }
}
