package org.mediawiki.jobqueue.changeprop.schedule;

import org.rocksdb.Cache;
import org.rocksdb.LRUCache;
import org.rocksdb.WriteBufferManager;

/**
 * The one memory of all stores, outside the heap: a cache for what is read, of which a third may be taken by what is
 * written. Closed only when no store is open any more.
 */
final class RocksMemory implements AutoCloseable {

    private static final int WRITE_PART = 3;

    static {
        RocksLibrary.load();
    }

    private final Cache cache;
    private final WriteBufferManager writeBuffers;
    private final long bytes;

    RocksMemory(long bytes) {
        this.bytes = bytes;
        this.cache = new LRUCache(bytes);
        this.writeBuffers = new WriteBufferManager(bytes / WRITE_PART, cache);
    }

    Cache cache() {
        return cache;
    }

    WriteBufferManager writeBuffers() {
        return writeBuffers;
    }

    /** Of one memtable. */
    long writeBufferBytes() {
        return Math.min(4L * 1024 * 1024, bytes / (4 * WRITE_PART));
    }

    @Override
    public void close() {
        writeBuffers.close();
        cache.close();
    }
}
