package org.mediawiki.jobqueue.loadtest.dev;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What must be closed at the end, the newest first. A signal may come while parts are still being started: from then on
 * whatever is added is closed at once. Any thread.
 */
final class Closings implements AutoCloseable {

    private final Deque<Runnable> newestFirst = new ArrayDeque<>();
    private boolean closed;

    /**
     * Another part has been opened.
     *
     * @throws IllegalStateException if everything has been closed already; then so is the part
     */
    synchronized void add(Runnable closing) {
        if (closed) {
            closing.run();
            throw new IllegalStateException("stopped while it started");
        }
        newestFirst.push(closing);
    }

    @Override
    public synchronized void close() {
        closed = true;
        while (!newestFirst.isEmpty()) {
            newestFirst.pop().run();
        }
    }
}
