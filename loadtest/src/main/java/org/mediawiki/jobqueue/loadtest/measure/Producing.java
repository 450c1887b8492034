package org.mediawiki.jobqueue.loadtest.measure;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** The load of a trial, on a thread of its own, which ends when all is produced. Methods are for one other thread. */
final class Producing {

    private final FutureTask<Boolean> task;
    private final Thread thread;

    /** What is done by the thread. */
    @FunctionalInterface
    interface Work {
        void run() throws InterruptedException;
    }

    private Producing(Work work) {
        this.task = new FutureTask<>(() -> {
            work.run();
            return true;
        });
        this.thread = new Thread(task, "generator");
        thread.setDaemon(true);
    }

    static Producing start(Work work) {
        Producing producing = new Producing(work);
        producing.thread.start();
        return producing;
    }

    boolean isUnderWay() {
        return thread.isAlive();
    }

    /** Ends it, and waits for that. */
    void end() throws InterruptedException {
        thread.interrupt();
        thread.join();
    }

    /**
     * Says whether everything was produced, once it is no longer under way.
     *
     * @throws IllegalStateException where it was not: what was measured then is another load than was said
     */
    void requireAll() throws InterruptedException {
        try {
            task.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the load was not produced: " + e.getCause(), e.getCause());
        }
    }
}
