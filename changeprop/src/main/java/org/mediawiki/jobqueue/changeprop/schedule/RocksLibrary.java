package org.mediawiki.jobqueue.changeprop.schedule;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.rocksdb.NativeLibraryLoader;
import org.rocksdb.RocksDB;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * RocksDB's native library. It is unpacked to be loaded, 15 MB into the system's temporary folder, and would stay there for each
 * process that is killed: what is loaded needs no file any more, so it goes at once. Where {@code ROCKSDB_SHAREDLIB_DIR} is set,
 * it stays there.
 */
final class RocksLibrary {

    private static final Logger LOG = LoggerFactory.getLogger(RocksLibrary.class);

    private RocksLibrary() {}

    /** Loads it, unless it is loaded. */
    static void load() {
        if (System.getenv("ROCKSDB_SHAREDLIB_DIR") == null) {
            try {
                loadFrom(Files.createTempDirectory("jobqueue-rocksdb-"));
            } catch (IOException e) {
                throw new UncheckedIOException("RocksDB's library cannot be unpacked", e);
            }
        }
        RocksDB.loadLibrary();
    }

    private static void loadFrom(Path folder) throws IOException {
        try {
            NativeLibraryLoader.getInstance().loadLibrary(folder.toString());
        } finally {
            remove(folder);
        }
    }

    private static void remove(Path folder) {
        try (var files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                Files.delete(file);
            }
            Files.delete(folder);
        } catch (IOException e) {
            // Windows lets nobody delete what is loaded.
            LOG.debug("RocksDB's library stays in {}", folder, e);
        }
    }
}
