package org.mediawiki.jobqueue.changeprop.app;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** Tells whether an event loop turns: the answer comes from there. Any thread. */
final class EventLoopProbe {

    private final Context context;

    /** {@code context} is any of the event loop's. */
    EventLoopProbe(Context context) {
        this.context = context;
    }

    /**
     * Completes with no reason against its health when it has done what it was given before; whoever asks bounds the wait.
     * On the context of whoever asks, who may have more to do with the answer. One that was closed is well.
     */
    Future<Optional<String>> unhealthy() {
        Promise<Optional<String>> answer = Promise.promise();
        Context asker = Vertx.currentContext();
        try {
            context.runOnContext(ignored -> tell(asker, answer));
        } catch (RejectedExecutionException closed) {
            answer.complete(Optional.empty());
        }
        return answer.future();
    }

    private static void tell(@Nullable Context asker, Promise<Optional<String>> answer) {
        if (asker == null) {
            answer.complete(Optional.empty());
        } else {
            asker.runOnContext(ignored -> answer.complete(Optional.empty()));
        }
    }
}
