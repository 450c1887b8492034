package org.mediawiki.jobqueue.changeprop.admin;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/** Answers {@code /metrics}, by what every part knows now; in OpenMetrics where that is asked for. On an event loop. */
final class MetricsPage implements Handler<RoutingContext> {

    private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";
    private static final String OPEN_METRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    private final Vertx vertx;
    private final PrometheusMeterRegistry registry;
    private final Refresh refresh;

    MetricsPage(Vertx vertx, PrometheusMeterRegistry registry, Refresh refresh) {
        this.vertx = vertx;
        this.registry = registry;
        this.refresh = refresh;
    }

    @Override
    public void handle(RoutingContext context) {
        String accept = Optional.ofNullable(context.request().getHeader(HttpHeaders.ACCEPT))
                .orElse("");
        String contentType = accept.contains("application/openmetrics-text") ? OPEN_METRICS : TEXT;
        // Not behind what else this context has to do that blocks: a part that hangs on the disk is one of those.
        refresh.all(vertx.getOrCreateContext())
                .compose(ignored -> vertx.executeBlocking(() -> registry.scrape(contentType), false))
                .onComplete(
                        text -> context.response()
                                .putHeader(HttpHeaders.CONTENT_TYPE, contentType)
                                .end(text),
                        failure -> context.response().setStatusCode(500).end(failure.toString()));
    }
}
