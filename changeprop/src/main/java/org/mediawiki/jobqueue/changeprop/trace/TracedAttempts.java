package org.mediawiki.jobqueue.changeprop.trace;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.net.URI;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.mediawiki.jobqueue.runner.Job;
import org.mediawiki.jobqueue.runner.Target;

/**
 * A span for each attempt, a child of what the job's event names as its origin. Attributes by OpenTelemetry's conventions
 * for HTTP clients; those that it has no name for begin with {@code jobqueue.}.
 */
final class TracedAttempts implements AttemptTraces {

    static final String TRACEPARENT = "traceparent";
    static final W3CTraceContextPropagator W3C = W3CTraceContextPropagator.getInstance();

    private static final AttributeKey<List<String>> REQUEST_ID =
            AttributeKey.stringArrayKey("http.request.header.x-request-id");

    private final Tracer tracer;
    private final Supplier<URI> uri;

    /** Of the attempts that are not judged yet. By identity: the same job may run again, and then is another attempt. */
    private final IdentityHashMap<Job, Span> spans = new IdentityHashMap<>();

    /** {@code uri} says where the target sends jobs at the time. */
    TracedAttempts(Tracer tracer, Supplier<URI> uri) {
        this.tracer = tracer;
        this.uri = uri;
    }

    @Override
    public Target around(Target target) {
        return new TracedTarget(target, this);
    }

    @Override
    public void begun(Job job, Runnable told) {
        Span span = start(job);
        spans.put(job, span);
        within(span, told);
    }

    @Override
    public void judged(Job job, Runnable told) {
        Span span = spans.remove(job);
        within(span == null ? Span.getInvalid() : span, told);
    }

    /** The span of an attempt that has begun and is not judged yet. */
    Span of(Job job) {
        return spans.getOrDefault(job, Span.getInvalid());
    }

    private static void within(Span span, Runnable told) {
        Context.root().with(span).wrap(told).run();
    }

    private Span start(Job job) {
        URI at = uri.get();
        Span span = tracer.spanBuilder("POST " + job.type())
                .setSpanKind(SpanKind.CLIENT)
                .setParent(W3C.extract(Context.root(), job.traceparent(), FromText.INSTANCE))
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
}
