package org.mediawiki.jobqueue.changeprop.trace;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.prometheus.metrics.tracer.common.SpanContext;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.mediawiki.jobqueue.changeprop.config.TracingConfig;

/**
 * The tracer of the process, or none. Spans that the collector does not take in time are dropped, never waited for:
 * at most 2,048 are kept, and no job notices.
 */
public final class Tracing implements AutoCloseable {

    private static final Duration EXPORT_PATIENCE = Duration.ofSeconds(5);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(2);

    private final Optional<SdkTracerProvider> provider;

    private Tracing(Optional<SdkTracerProvider> provider) {
        this.provider = provider;
    }

    /** As the configuration wants it; {@code instance} names this process. The collector may be down. */
    public static Tracing open(TracingConfig config, String service, String instance) {
        return new Tracing(Optional.ofNullable(config.endpoint())
                .map(endpoint -> provider(endpoint, config.sampleRatio(), service, instance)));
    }

    private static SdkTracerProvider provider(URI endpoint, double sampleRatio, String service, String instance) {
        OtlpHttpSpanExporter exporter = OtlpHttpSpanExporter.builder()
                .setEndpoint(endpoint.toString())
                .setTimeout(EXPORT_PATIENCE)
                .build();
        return SdkTracerProvider.builder()
                .setResource(Resource.create(Attributes.builder()
                        .put("service.name", service)
                        .put("service.instance.id", instance)
                        .build()))
                // Whoever began the trace has decided; we do where nobody has.
                .setSampler(Sampler.parentBased(Sampler.traceIdRatioBased(sampleRatio)))
                .addSpanProcessor(BatchSpanProcessor.builder(exporter).build())
                .build();
    }

    /** Those of a lane whose jobs are sent to where {@code uri} says at the time; none where tracing is off. */
    public AttemptTraces attempts(Supplier<URI> uri) {
        return provider.<AttemptTraces>map(tracers -> new TracedAttempts(tracers.get("org.mediawiki.jobqueue"), uri))
                .orElse(AttemptTraces.NONE);
    }

    /** What meters name in exemplars; empty where tracing is off. */
    public Optional<SpanContext> exemplars() {
        return provider.map(tracers -> new SpanInForce());
    }

    /** Sends what is kept, for {@link #CLOSE_PATIENCE} at most. Blocks. */
    @Override
    public void close() {
        provider.ifPresent(tracers -> tracers.shutdown().join(CLOSE_PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
    }
}
