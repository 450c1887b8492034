package org.mediawiki.jobqueue.runner.http;

import io.netty.util.NetUtil;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.net.OpenSSLEngineOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.mediawiki.jobqueue.runner.http.TargetSettings.Http2;
import org.mediawiki.jobqueue.runner.http.TargetSettings.TlsFiles;

/** Opens Vert.x clients as a target needs them. Every client resolves names and reads TLS files for itself. */
final class ClientFactory {

    /**
     * How long an unused connection stays open, in seconds. A server that closes one in the very moment we use it makes
     * us lose a job's attempt, so ours must be the shorter patience: Apache's default is 5 s, and Vert.x looks once a
     * second.
     */
    private static final int KEEP_ALIVE_SECONDS = 3;

    /** MediaWiki's debugging headers outgrow the default of 8 KiB, which each version of HTTP has for itself. */
    private static final int MAX_HEADER_BYTES = 64 * 1024;

    private final Vertx vertx;
    private final TargetSettings settings;

    ClientFactory(Vertx vertx, TargetSettings settings) {
        this.vertx = vertx;
        this.settings = settings;
    }

    /** Opens a client; nothing connects, and no file is read, before its first request. */
    HttpClient open(Addresses addresses) {
        HttpClientOptions options = connectionOptions();
        if (RequestForm.usesTls(settings.uri())) {
            addTls(options);
        }
        return vertx.httpClientBuilder()
                .with(options)
                .with(poolOptions())
                .withLoadBalancer(addresses)
                .withConnectHandler(ClientFactory::opened)
                .build();
    }

    private static void opened(HttpConnection connection) {
        TcpKeepAlive.apply(connection);
        // Every request tells what befell it; unheard, Vert.x would log each broken connection besides.
        connection.exceptionHandler(told -> {});
    }

    private HttpClientOptions connectionOptions() {
        int connectMillis =
                Math.toIntExact(settings.connections().connectTimeout().toMillis());
        HttpClientOptions options = new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_1_1)
                .setConnectTimeout(connectMillis)
                .setSslHandshakeTimeout(connectMillis)
                .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
                .setKeepAliveTimeout(KEEP_ALIVE_SECONDS)
                .setHttp2KeepAliveTimeout(KEEP_ALIVE_SECONDS)
                .setMaxHeaderSize(MAX_HEADER_BYTES)
                .setMetricsName(settings.name());
        // Not settings of our own: those that Vert.x begins with have a wide window.
        options.getInitialSettings().setMaxHeaderListSize(MAX_HEADER_BYTES);
        TcpKeepAlive.configure(options);
        return options;
    }

    private void addTls(HttpClientOptions options) {
        URI uri = settings.uri();
        TlsFiles files = settings.tls();
        options.setSsl(true).setVerifyHost(true).setForceSni(!isAddress(RequestForm.host(uri)));
        if (OpenSSLEngineOptions.isAvailable()) {
            options.setSslEngineOptions(new OpenSSLEngineOptions());
        }
        files.ca().map(Path::toString).ifPresent(ca -> options.setTrustOptions(new PemTrustOptions().addCertPath(ca)));
        files.certificate()
                .flatMap(certificate -> files.key().map(key -> keyPair(certificate, key)))
                .ifPresent(options::setKeyCertOptions);
        if (settings.connections().http2() == Http2.AUTO) {
            options.setProtocolVersion(HttpVersion.HTTP_2)
                    .setUseAlpn(true)
                    .setAlpnVersions(List.of(HttpVersion.HTTP_2, HttpVersion.HTTP_1_1));
        }
    }

    private static PemKeyCertOptions keyPair(Path certificate, Path key) {
        return new PemKeyCertOptions().addCertPath(certificate.toString()).addKeyPath(key.toString());
    }

    /** RFC 6066 allows no addresses in SNI. */
    private static boolean isAddress(String host) {
        return NetUtil.isValidIpV4Address(host) || NetUtil.isValidIpV6Address(host);
    }

    /**
     * To each address; an address has a pool of its own.
     *
     * <p>One connection more than there may be requests: the lane hears of an answer, and may send the next job, just
     * before Vert.x has that answer's connection back in the pool. Without a spare, each request of a busy lane would
     * queue for a moment, which costs it a timer and half as much CPU again.
     *
     * <p>As many for HTTP/2: until ALPN has spoken, the pool counts every new connection as HTTP/2, and with a smaller
     * limit there, requests to a server that turns out to speak HTTP/1.1 would wait for one another although the pool
     * has room. With HTTP/2 the surplus of a cold start closes when unused.
     */
    private PoolOptions poolOptions() {
        int requests = settings.connections().max();
        return new PoolOptions()
                .setHttp1MaxSize(requests + 1)
                .setHttp2MaxSize(requests + 1)
                .setMaxWaitQueueSize(requests);
    }
}
