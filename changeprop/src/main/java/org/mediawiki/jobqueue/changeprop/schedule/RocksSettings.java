package org.mediawiki.jobqueue.changeprop.schedule;

import java.util.Map;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.CompactionStyle;
import org.rocksdb.CompressionType;
import org.rocksdb.Options;

/**
 * Keeps every store within the shared memory. Made by Kafka Streams, which is why it finds that memory in the
 * configuration.
 */
public final class RocksSettings implements RocksDBConfigSetter {

    static final String MEMORY = "jobqueue.scheduler.rocksdb.memory";

    private static final long BLOCK_BYTES = 16L * 1024;

    @Override
    public void setConfig(String storeName, Options options, Map<String, Object> configs) {
        if (!(configs.get(MEMORY) instanceof RocksMemory memory)) {
            return;
        }
        BlockBasedTableConfig table = (BlockBasedTableConfig) options.tableFormatConfig();
        table.setBlockCache(memory.cache());
        table.setBlockSize(BLOCK_BYTES);
        table.setCacheIndexAndFilterBlocks(true);
        table.setCacheIndexAndFilterBlocksWithHighPriority(true);
        table.setPinTopLevelIndexAndFilter(true);
        options.setTableFormatConfig(table);
        options.setWriteBufferManager(memory.writeBuffers());
        options.setWriteBufferSize(memory.writeBufferBytes());
        options.setMaxWriteBufferNumber(2);
        // Levels take less space than Streams' default, which rewrites everything to be rid of what was released.
        options.setCompactionStyle(CompactionStyle.LEVEL);
        options.setLevelCompactionDynamicLevelBytes(true);
        options.setCompressionType(CompressionType.LZ4_COMPRESSION);
    }

    @Override
    public void close(String storeName, Options options) {
        // What is shared outlives the store.
    }
}
