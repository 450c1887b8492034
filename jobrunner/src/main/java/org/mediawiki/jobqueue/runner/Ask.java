package org.mediawiki.jobqueue.runner;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** Questions to whatever belongs to another thread or context. Any thread. */
public final class Ask {

    private Ask() {}

    /**
     * Has {@code executor} answer {@code question}. Throws what {@code executor} does where it takes no more.
     *
     * @return completes, where {@code executor} runs it, with what {@code question} returns or throws, errors too
     */
    public static <T> CompletableFuture<T> on(Executor executor, Supplier<T> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        executor.execute(() -> {
            try {
                answer.complete(question.get());
            } catch (RuntimeException | Error e) {
                // Or whoever asked would wait for ever, and nobody would hear of the bug.
                answer.completeExceptionally(e);
            }
        });
        return answer;
    }
}
