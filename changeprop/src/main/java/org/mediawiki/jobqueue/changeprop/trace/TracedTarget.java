package org.mediawiki.jobqueue.changeprop.trace;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.mediawiki.jobqueue.runner.Answer;
import org.mediawiki.jobqueue.runner.Attempt;
import org.mediawiki.jobqueue.runner.Job;
import org.mediawiki.jobqueue.runner.Target;

/**
 * A target that tells the runner of the attempt's span by {@code traceparent} (W3C Trace Context), and the span of the
 * answer.
 */
final class TracedTarget implements Target {

    private final Target target;
    private final TracedAttempts attempts;

    TracedTarget(Target target, TracedAttempts attempts) {
        this.target = target;
        this.attempts = attempts;
    }

    @Override
    public Future<Attempt> send(Job job, Duration timeout) {
        Span span = attempts.of(job);
        return target.send(job.withTraceparent(traceparentOf(span)), timeout)
                .onSuccess(attempt -> tell(span, attempt))
                .onFailure(bug -> span.setStatus(StatusCode.ERROR, bug.toString()))
                .onComplete(attempt -> span.end());
    }

    @Override
    public Future<Optional<String>> obstacle() {
        return target.obstacle();
    }

    @Override
    public Future<Void> close() {
        return target.close();
    }

    private static String traceparentOf(Span span) {
        Map<String, String> headers = new HashMap<>();
        TracedAttempts.W3C.inject(Context.root().with(span), headers, Map::put);
        return headers.getOrDefault(TracedAttempts.TRACEPARENT, "");
    }

    private static void tell(Span span, Attempt attempt) {
        attempt.match(
                answered -> answered(span, answered.answer()),
                notSent -> failed(span, "not_sent", notSent.reason()),
                lost -> failed(span, "connection_lost", lost.reason()),
                timedOut -> failed(span, "timeout", timedOut.reason()));
    }

    private static Span answered(Span span, Answer answer) {
        span.setAttribute("http.response.status_code", answer.status());
        return answer.status() < 400
                ? span
                : span.setStatus(StatusCode.ERROR).setAttribute("error.type", Integer.toString(answer.status()));
    }

    private static Span failed(Span span, String type, String reason) {
        return span.setStatus(StatusCode.ERROR, reason).setAttribute("error.type", type);
    }
}
