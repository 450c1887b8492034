package org.mediawiki.jobqueue.runner.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.HostAndPort;
import java.net.URI;
import java.util.Locale;
import org.mediawiki.jobqueue.runner.FilledMeta;
import org.mediawiki.jobqueue.runner.Job;
import org.mediawiki.jobqueue.runner.http.TargetSettings.HostHeader;
import org.mediawiki.jobqueue.runner.http.TargetSettings.Protocol;

/** What a request to the target looks like (SPEC section 3, "Request to the runner"); prepared once, used by all. */
final class RequestForm {

    private static final CharSequence X_REQUEST_ID = HttpHeaders.createOptimized("x-request-id");
    private static final CharSequence X_TRIGGERED_BY = HttpHeaders.createOptimized("x-triggered-by");
    private static final CharSequence TRACEPARENT = HttpHeaders.createOptimized("traceparent");
    private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");

    /** Makes Vert.x send the name without a port. */
    private static final int NO_PORT = -1;

    private final RequestOptions options;
    private final CharSequence userAgent;
    private final HostAndPort uriHost;
    private final boolean bearsDomain;
    private final boolean isRest;

    RequestForm(TargetSettings settings) {
        URI uri = settings.uri();
        this.options = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setSsl(usesTls(uri))
                .setHost(host(uri))
                .setPort(port(uri))
                .setURI(pathAndQuery(uri))
                .setConnectTimeout(settings.connections().connectTimeout().toMillis())
                .setFollowRedirects(false);
        this.userAgent = HttpHeaders.createOptimized(settings.requests().userAgent());
        this.uriHost = HostAndPort.create(uri.getHost(), port(uri));
        this.bearsDomain = settings.requests().hostHeader() == HostHeader.DOMAIN;
        this.isRest = settings.requests().protocol() == Protocol.REST;
    }

    static boolean usesTls(URI uri) {
        return "https".equals(uri.getScheme().toLowerCase(Locale.ROOT));
    }

    /** The host to connect to and to verify: an IPv6 address without the brackets of the URI. */
    static String host(URI uri) {
        String host = uri.getHost();
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    static int port(URI uri) {
        if (uri.getPort() != -1) {
            return uri.getPort();
        }
        return usesTls(uri) ? 443 : 80;
    }

    private static String pathAndQuery(URI uri) {
        String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        return uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
    }

    /** Where to; shared by all requests, so nobody may change it. */
    RequestOptions options() {
        return options;
    }

    /**
     * Fills in the headers. The Host header goes in by {@link HttpClientRequest#authority}, which leaves the name that
     * TLS verifies as it is in {@link #options}.
     */
    void fill(HttpClientRequest request, Job job) {
        request.authority(authority(job));
        request.putHeader(HttpHeaders.CONTENT_TYPE, JSON);
        request.putHeader(HttpHeaders.USER_AGENT, userAgent);
        putUnlessEmpty(request, X_REQUEST_ID, job.requestId());
        putUnlessEmpty(request, X_TRIGGERED_BY, job.triggeredBy());
        putUnlessEmpty(request, TRACEPARENT, job.traceparent());
    }

    /** The request's body: the record's very bytes, without what the intake filled in where the target checks signatures. */
    Buffer body(Job job) {
        return isRest ? FilledMeta.without(job.body()) : job.body();
    }

    private HostAndPort authority(Job job) {
        boolean useDomain = bearsDomain && !job.domain().isEmpty();
        return useDomain ? HostAndPort.create(HeaderText.clean(job.domain()), NO_PORT) : uriHost;
    }

    private static void putUnlessEmpty(HttpClientRequest request, CharSequence name, String value) {
        if (!value.isEmpty()) {
            request.putHeader(name, HeaderText.clean(value));
        }
    }
}
