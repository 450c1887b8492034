package org.mediawiki.jobqueue.loadtest.standin;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.mediawiki.jobqueue.loadtest.standin.RecordedRequest.Wire;
import org.mediawiki.jobqueue.loadtest.standin.RequestLedger.Detail;

/** The HTTPS server of one event loop: reads a job, writes it down, and has it answered as the rules say. */
final class JobEndpoint extends VerticleBase {

    static final String RPC_PATH = "/rpc/RunSingleJob.php";
    static final String REST_PATH = "/w/rest.php/eventbus/v0/internal/job/execute";

    private static final Set<String> PATHS = Set.of(RPC_PATH, REST_PATH);

    private final HttpServerOptions options;
    private final RuleTable rules;
    private final RequestLedger ledger;
    private final long seed;
    private final EventReader events = new EventReader();

    JobEndpoint(HttpServerOptions options, RuleTable rules, RequestLedger ledger, long seed) {
        this.options = options;
        this.rules = rules;
        this.ledger = ledger;
        this.seed = seed;
    }

    @Override
    public Future<?> start() {
        return vertx.createHttpServer(options).requestHandler(this::handle).listen();
    }

    private void handle(HttpServerRequest request) {
        long startNanos = ledger.nowNanos();
        if (!PATHS.contains(request.path())) {
            request.response().setStatusCode(404).end();
        } else if (!request.method().equals(HttpMethod.POST)) {
            request.response().setStatusCode(405).end();
        } else {
            // A client that hangs up before its body is complete has sent no job.
            request.body().onSuccess(body -> serve(request, body, startNanos));
        }
    }

    private void serve(HttpServerRequest request, Buffer body, long startNanos) {
        EventFields event = events.read(body.getBytes());
        String client = Objects.requireNonNullElse(request.getHeader(HttpHeaders.USER_AGENT), "");
        RequestLog.Ticket ticket = ledger.arrived(event, client, body.length(), startNanos, () -> wire(request, body));
        Exchange exchange = new Exchange(vertx, request, ending -> ledger.ended(ticket, ending));
        Behaviour behaviour = rules.behaviourFor(ticket.request());
        exchange.play(behaviour, latency -> latency.of(ticket.request(), seed));
    }

    private Wire wire(HttpServerRequest request, Buffer body) {
        Map<String, String> headers = lowerCased(request.headers());
        if (request.authority() != null) {
            headers.putIfAbsent("host", request.authority().toString());
        }
        String http = request.version() == HttpVersion.HTTP_2 ? "HTTP/2" : "HTTP/1.1";
        Buffer kept = ledger.detail() == Detail.HASHES ? sha256(body) : body;
        return new Wire(
                request.path(), headers, kept, http, request.sslSession().getProtocol());
    }

    private static Map<String, String> lowerCased(MultiMap headers) {
        Map<String, String> lowerCased = new HashMap<>();
        headers.forEach((name, value) -> lowerCased.putIfAbsent(name.toLowerCase(Locale.ROOT), value));
        return lowerCased;
    }

    private static Buffer sha256(Buffer body) {
        try {
            return Buffer.buffer(MessageDigest.getInstance("SHA-256").digest(body.getBytes()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
