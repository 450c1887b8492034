package org.mediawiki.jobqueue.changeprop.metrics;

import io.micrometer.core.instrument.Clock;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.tracer.common.SpanContext;
import java.util.Optional;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** Makes registries that Prometheus scrapes. */
public final class Registries {

    private Registries() {}

    /**
     * One whose pages are read as {@code pages} wants it.
     *
     * @param exemplars knows the spans that counters and buckets name; empty: none are named
     */
    public static PrometheusMeterRegistry scraped(Optional<SpanContext> exemplars, Pages pages) {
        return new Scraped(exemplars.orElse(null), pages);
    }

    private static final class Scraped extends PrometheusMeterRegistry {

        private final Pages pages;

        Scraped(@Nullable SpanContext exemplars, Pages pages) {
            super(new ByTheBook(), new PrometheusRegistry(), Clock.SYSTEM, exemplars);
            this.pages = pages;
        }

        @Override
        public String scrape(String contentType) {
            return pages.read(() -> super.scrape(contentType));
        }
    }

    /**
     * Exemplars stand where OpenMetrics 1.0 allows them. Micrometer would put them behind sums and counts as well, and
     * then Prometheus (2.42, for one) takes nothing of the whole scrape.
     */
    private static final class ByTheBook implements PrometheusConfig {

        @Override
        public @Nullable String get(String key) {
            return null;
        }

        @Override
        public Properties prometheusProperties() {
            Properties properties = new Properties();
            properties.setProperty("io.prometheus.exporter.exemplarsOnAllMetricTypes", "false");
            return properties;
        }
    }
}
