package org.mediawiki.jobqueue.changeprop.metrics;

import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/**
 * Pages of metrics that are being read, meter by meter. Meters of which one means nothing without the others change together,
 * and not in the midst of a page: a refresh that came too late for its own page may come in that of the next. Any thread.
 */
public final class Pages {

    private final ReadWriteLock lock = new ReentrantReadWriteLock();

    /** Reads a page, as others may at the same time. */
    <T> T read(Supplier<T> page) {
        lock.readLock().lock();
        try {
            return page.get();
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Makes a change that takes no time, unless a page is being read: then it is left to the next one. Never waits for a reader. */
    void change(Runnable change) {
        if (lock.writeLock().tryLock()) {
            try {
                change.run();
            } finally {
                lock.writeLock().unlock();
            }
        }
    }
}
