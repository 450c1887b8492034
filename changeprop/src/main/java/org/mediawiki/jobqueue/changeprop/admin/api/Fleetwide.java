package org.mediawiki.jobqueue.changeprop.admin.api;

import com.fasterxml.jackson.core.type.TypeReference;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.HostAndPort;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.mediawiki.jobqueue.changeprop.admin.api.ThisInstance.Peer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the other instances what this one is asked, with the caller's own token. One that does not answer in time is left
 * out, and named.
 */
final class Fleetwide {

    /** Says that the answer is to be of the asked instance alone. */
    static final String SELF = "self";

    /** Names the instance that is meant: another one may listen at the address that it announced. */
    private static final String ADDRESSEE = "x-jobqueue-instance";

    private static final int MISDIRECTED = 421;
    private static final long PATIENCE_MILLIS = 2_000;
    private static final int MOST_BYTES = 32 * 1024 * 1024;
    private static final int HIGHEST_PORT = 65_535;

    /** What no path and no query may hold as it is (RFC 3986, section 3.3), though some send it. */
    private static final Pattern NOT_ALLOWED = Pattern.compile("[^A-Za-z0-9._~:/?@!$&'()*+,;=%-]+");

    private static final Logger LOG = LoggerFactory.getLogger(Fleetwide.class);

    private final ThisInstance self;
    private final HttpClient client;

    Fleetwide(Vertx vertx, ThisInstance self) {
        this.self = self;
        HttpClientOptions options = new HttpClientOptions()
                .setConnectTimeout((int) PATIENCE_MILLIS)
                .setDecompressionSupported(true)
                .setMaxChunkSize(MOST_BYTES);
        this.client = vertx.createHttpClient(
                options, new PoolOptions().setHttp1MaxSize(4).setMaxWaitQueueSize(256));
    }

    /** What an instance said; empty where it did not answer, and {@code trouble} tells why. */
    record Reply<T>(String instance, Optional<T> value, String trouble) {}

    /** Whether the caller wants this instance alone: it is another instance that asks. */
    static boolean isForSelf(RoutingContext context) {
        // Among others, too: else whoever writes another one before it has instances ask each other without an end.
        return context.queryParams().getAll("only").contains(SELF);
    }

    /** A handler before all others: refuses what is meant for another instance (RFC 9110, section 15.5.20). */
    void checkAddressee(RoutingContext context) {
        String addressee = context.request().getHeader(ADDRESSEE);
        if (addressee != null && !addressee.equals(self.name())) {
            throw new Refusal(MISDIRECTED, "This is another instance", "This is " + self.name() + ", not " + addressee);
        }
        context.next();
    }

    /**
     * What the others say to the same request, by the path that the route was chosen by: the one that was sent may begin
     * with another host. Nobody is asked where the caller wants this instance alone.
     */
    <T> Future<List<Reply<T>>> others(RoutingContext context, TypeReference<T> form) {
        String query = Optional.ofNullable(context.request().query())
                .map(text -> text + "&")
                .orElse("");
        return others(context, context.normalizedPath() + "?" + query, form);
    }

    /** What the others say to {@code question}: a path and a query, open for one more parameter. */
    <T> Future<List<Reply<T>>> others(RoutingContext context, String question, TypeReference<T> form) {
        return others(context, new Asked(HttpMethod.GET, question, Buffer.buffer()), form);
    }

    /** As the other, for a question whose details, {@code body}, are too long for an address. */
    <T> Future<List<Reply<T>>> others(RoutingContext context, String question, JsonObject body, TypeReference<T> form) {
        return others(context, new Asked(HttpMethod.POST, question, body.toBuffer()), form);
    }

    private record Asked(HttpMethod method, String question, Buffer body) {}

    private <T> Future<List<Reply<T>>> others(RoutingContext context, Asked asked, TypeReference<T> form) {
        if (isForSelf(context)) {
            return Future.succeededFuture(List.of());
        }
        List<Future<Reply<T>>> replies = self.others().stream()
                .map(peer -> ask(context, peer, asked, form))
                .toList();
        return Future.join(replies).map(all -> all.<Reply<T>>list()).otherwise(List.of());
    }

    private <T> Future<Reply<T>> ask(RoutingContext context, Peer peer, Asked asked, TypeReference<T> form) {
        Optional<HostAndPort> where = address(peer.admin());
        if (where.isEmpty()) {
            String trouble = "it announces no host and port but " + peer.admin();
            return Future.succeededFuture(new Reply<>(peer.instance(), Optional.empty(), trouble));
        }
        RequestOptions options = to(where.get())
                .setMethod(asked.method())
                .setURI(allowed(asked.question()) + "only=" + SELF)
                .setTimeout(PATIENCE_MILLIS)
                .putHeader(ADDRESSEE, peer.instance());
        if (asked.method().equals(HttpMethod.POST)) {
            options.putHeader(HttpHeaders.CONTENT_TYPE, "application/json");
        }
        String token = context.request().getHeader(HttpHeaders.AUTHORIZATION);
        if (token != null) {
            options.putHeader(HttpHeaders.AUTHORIZATION, token);
        }
        return client.request(options)
                .compose(request -> request.send(asked.body()))
                .compose(response -> response.body().map(body -> read(peer, response.statusCode(), body, form)))
                .timeout(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)
                .map(value -> new Reply<>(peer.instance(), Optional.of(value), ""))
                .otherwise(failure -> {
                    LOG.debug("Instance {} does not answer", peer.instance(), failure);
                    return new Reply<>(peer.instance(), Optional.empty(), String.valueOf(failure.getMessage()));
                });
    }

    /** Where an instance says that it is asked; empty where it names no host, or no port. */
    private static Optional<HostAndPort> address(URI admin) {
        return Optional.ofNullable(admin.getRawAuthority())
                .map(authority -> HostAndPort.parseAuthority(authority, -1))
                .filter(address -> address.port() > 0 && address.port() <= HIGHEST_PORT);
    }

    /** Whatever is asked, it is asked there. The host header has an IPv6 address in brackets, the socket without. */
    private static RequestOptions to(HostAndPort address) {
        String host = address.host();
        String plain = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        return new RequestOptions()
                .setServer(SocketAddress.inetSocketAddress(address.port(), plain))
                .setHost(host)
                .setPort(address.port())
                .setSsl(false);
    }

    private static String allowed(String question) {
        return NOT_ALLOWED.matcher(question).replaceAll(found -> encoded(found.group()));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static <T> T read(Peer peer, int status, Buffer body, TypeReference<T> form) {
        if (status == MISDIRECTED) {
            throw new IllegalStateException("another instance answers at the address that it announces, "
                    + peer.admin().getAuthority() + ": set its admin.host to one where others reach it");
        }
        if (status != 200) {
            throw new IllegalStateException("it answers with " + status);
        }
        try {
            return Json.MAPPER.readValue(body.getBytes(), form);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Future<Void> close() {
        return client.close();
    }
}
