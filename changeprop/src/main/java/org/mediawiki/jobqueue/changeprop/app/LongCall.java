package org.mediawiki.jobqueue.changeprop.app;

import io.vertx.core.Context;
import io.vertx.core.Future;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * A call that may block for hours. Of a worker that is busy for longer than a minute Vert.x warns each second, with its stack;
 * so it is made on a thread of its own.
 */
final class LongCall {

    private LongCall() {}

    /** Blocks. */
    @FunctionalInterface
    interface Blocking {
        void run() throws InterruptedException;
    }

    /**
     * Makes {@code call} on a new thread of that name. Any thread.
     *
     * @return completes on {@code context}
     */
    static Future<Void> on(String thread, Blocking call, Context context) {
        return Future.fromCompletionStage(
                CompletableFuture.runAsync(() -> run(call), task -> new Thread(task, thread).start()), context);
    }

    private static void run(Blocking call) {
        try {
            call.run();
        } catch (InterruptedException e) {
            throw new CompletionException(e);
        }
    }
}
