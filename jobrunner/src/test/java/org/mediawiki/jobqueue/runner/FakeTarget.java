package org.mediawiki.jobqueue.runner;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** A target that answers when it is told to. */
public final class FakeTarget implements Target {

    private final List<Call> open = new ArrayList<>();
    private final List<Job> sent = new ArrayList<>();
    private Consumer<Job> onSend = job -> {};

    /** A request that waits for its answer. */
    public record Call(Job job, Duration timeout, Promise<Attempt> promise) {

        public void answer(int status) {
            answer(status, Map.of());
        }

        public void answer(int status, Map<String, String> headers) {
            promise.complete(new Attempt.Answered(new Answer(status, headers, "")));
        }

        public void complete(Attempt attempt) {
            promise.complete(attempt);
        }
    }

    /** {@code onSend} runs within every call; what it throws, the call throws. */
    public void onSend(Consumer<Job> onSend) {
        this.onSend = onSend;
    }

    @Override
    public Future<Attempt> send(Job job, Duration timeout) {
        onSend.accept(job);
        Promise<Attempt> promise = Promise.promise();
        Call call = new Call(job, timeout, promise);
        sent.add(job);
        open.add(call);
        return promise.future().onComplete(ignored -> open.remove(call));
    }

    /** The requests that wait for their answers, oldest first. */
    public List<Call> open() {
        return List.copyOf(open);
    }

    /** The only open request. */
    public Call onlyOpen() {
        if (open.size() != 1) {
            throw new AssertionError("not one request but " + open.size() + ": " + open);
        }
        return open.get(0);
    }

    /** Every job that was ever sent, in order. */
    public List<Job> sent() {
        return List.copyOf(sent);
    }

    @Override
    public Future<Optional<String>> obstacle() {
        return Future.succeededFuture(Optional.empty());
    }

    @Override
    public Future<Void> close() {
        return Future.succeededFuture();
    }
}
