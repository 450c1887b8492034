package org.mediawiki.jobqueue.changeprop.trace;

import io.opentelemetry.api.trace.Span;
import io.prometheus.metrics.tracer.common.SpanContext;
import org.jspecify.annotations.Nullable;

/** The span that this thread is in, for meters that name it in an exemplar: only one that is sampled can be looked up. */
final class SpanInForce implements SpanContext {

    @Override
    public @Nullable String getCurrentTraceId() {
        var span = Span.current().getSpanContext();
        return span.isValid() ? span.getTraceId() : null;
    }

    @Override
    public @Nullable String getCurrentSpanId() {
        var span = Span.current().getSpanContext();
        return span.isValid() ? span.getSpanId() : null;
    }

    @Override
    public boolean isCurrentSpanSampled() {
        return Span.current().getSpanContext().isSampled();
    }

    /** Nothing need be done so that it is kept: whether a trace is sampled is decided at its head. */
    @Override
    public void markCurrentSpanAsExemplar() {}
}
