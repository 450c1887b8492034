package org.mediawiki.jobqueue.loadtest.fault;

import java.time.Clock;
import java.time.Instant;
import java.util.Date;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/** A program that says what its clocks say, and how many milliseconds an access of a store in its first argument takes. */
final class Afflicted {

    private Afflicted() {}

    @SuppressWarnings("JavaUtilDate") // It is one of the clocks.
    public static void main(String[] folder) throws RocksDBException {
        LongSupplier reference = System::currentTimeMillis;
        System.out.println(System.currentTimeMillis());
        System.out.println(reference.getAsLong());
        System.out.println(Instant.now().toEpochMilli());
        System.out.println(Clock.systemUTC().millis());
        System.out.println(new Date().getTime());
        try (RocksDB store = RocksDB.open(folder[0])) {
            long start = System.nanoTime();
            store.put(new byte[] {1}, new byte[] {2});
            System.out.println(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
        }
    }
}
