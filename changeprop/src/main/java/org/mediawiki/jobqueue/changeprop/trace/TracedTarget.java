package org.mediawiki.jobqueue.changeprop.trace;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.vertx.core.Future;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.mediawiki.jobqueue.runner.Answer;
import org.mediawiki.jobqueue.runner.Attempt;
import org.mediawiki.jobqueue.runner.Job;
import org.mediawiki.jobqueue.runner.Target;

/**
 * A target each of whose attempts is a span, a child of what the job's event names as its origin, and which tells the
 * runner so by {@code traceparent} (W3C Trace Context). Attributes by OpenTelemetry's conventions for HTTP clients; those
 * that it has no name for begin with {@code jobqueue.}.
 */
public final class TracedTarget implements Target {

    private static final String TRACEPARENT = "traceparent";
    private static final AttributeKey<List<String>> REQUEST_ID =
            AttributeKey.stringArrayKey("http.request.header.x-request-id");
    private static final W3CTraceContextPropagator W3C = W3CTraceContextPropagator.getInstance();

    private final Target target;
    private final Tracer tracer;
    private final Supplier<URI> uri;

    /** {@code uri} says where {@code target} sends jobs at the time. */
    public TracedTarget(Target target, Tracer tracer, Supplier<URI> uri) {
        this.target = target;
        this.tracer = tracer;
        this.uri = uri;
    }

    @Override
    public Future<Attempt> send(Job job, Duration timeout) {
        Span span = start(job);
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

    private Span start(Job job) {
        URI at = uri.get();
        Span span = tracer.spanBuilder("POST " + job.type())
                .setSpanKind(SpanKind.CLIENT)
                .setParent(parentOf(job))
                .setAttribute("http.request.method", "POST")
                .setAttribute("url.full", at.toString())
                .setAttribute("server.address", at.getHost())
                .setAttribute("jobqueue.type", job.type())
                .setAttribute("jobqueue.wiki", job.wiki())
                .startSpan();
        if (!job.requestId().isEmpty()) {
            span.setAttribute(REQUEST_ID, List.of(job.requestId()));
        }
        return span;
    }

    private static Context parentOf(Job job) {
        return W3C.extract(Context.root(), job.traceparent(), FromText.INSTANCE);
    }

    private static String traceparentOf(Span span) {
        Map<String, String> headers = new HashMap<>();
        W3C.inject(Context.root().with(span), headers, Map::put);
        return headers.getOrDefault(TRACEPARENT, "");
    }

    /** Reads the one header that a job may bring. */
    private enum FromText implements TextMapGetter<String> {
        INSTANCE;

        @Override
        public Iterable<String> keys(String traceparent) {
            return List.of(TRACEPARENT);
        }

        @Override
        public @Nullable String get(@Nullable String traceparent, String key) {
            return key.equals(TRACEPARENT) ? traceparent : null;
        }
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
