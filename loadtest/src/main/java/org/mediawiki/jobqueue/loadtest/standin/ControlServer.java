package org.mediawiki.jobqueue.loadtest.standin;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.DecodeException;

/**
 * Plain HTTP on a loopback port, for tests that run the stand-in as a process.
 *
 * <table>
 *   <caption>What it does</caption>
 *   <tr><td>{@code GET /ledger}</td><td>counts by type and ending, as JSON</td></tr>
 *   <tr><td>{@code GET /ledger/requests}</td><td>every request, as NDJSON; 409 where the ledger is light</td></tr>
 *   <tr><td>{@code DELETE /ledger}</td><td>forgets the requests</td></tr>
 *   <tr><td>{@code PUT /behaviour}</td><td>adds a {@link RuleSpec}; 400 with the reason where it is none</td></tr>
 *   <tr><td>{@code DELETE /behaviour}</td><td>forgets the rules</td></tr>
 *   <tr><td>{@code PUT /listening}</td><td>{@code true} or {@code false}: accepts or refuses connections</td></tr>
 * </table>
 *
 * <p>Requests are answered on a worker thread, one after the other: questions to the ledger take their time. Ends with the runner's Vert.x.
 */
final class ControlServer {

    private static final Reply DONE = new Reply(204, "");

    private final StandInRunner runner;
    private final HttpServer server;

    private ControlServer(StandInRunner runner, int port) {
        this.runner = runner;
        this.server = runner.vertx()
                .createHttpServer(new HttpServerOptions().setHost("127.0.0.1").setPort(port))
                .requestHandler(this::handle);
    }

    /** Starts it; 0 picks a free port. */
    static ControlServer start(StandInRunner runner, int port) {
        ControlServer control = new ControlServer(runner, port);
        StandInRunner.done(control.server.listen());
        return control;
    }

    int port() {
        return server.actualPort();
    }

    private record Reply(int status, String body) {}

    private void handle(HttpServerRequest request) {
        request.body()
                .compose(body -> onWorker(request, body))
                .otherwise(failure -> new Reply(500, failure + "\n"))
                .onSuccess(reply ->
                        request.response().setStatusCode(reply.status()).end(reply.body()));
    }

    private Future<Reply> onWorker(HttpServerRequest request, Buffer body) {
        return runner.vertx().executeBlocking(() -> answer(request.method() + " " + request.path(), body));
    }

    private Reply answer(String what, Buffer body) {
        try {
            return switch (what) {
                case "GET /ledger" ->
                    new Reply(200, LedgerJson.summary(runner.ledger()).encode());
                case "GET /ledger/requests" -> new Reply(200, LedgerJson.lines(runner.ledger()));
                case "DELETE /ledger" -> after(runner.ledger()::clear);
                case "PUT /behaviour" -> after(() -> addRule(body));
                case "DELETE /behaviour" -> after(runner.rules()::clear);
                case "PUT /listening" -> after(() -> listen(body.toString().strip()));
                default -> new Reply(404, "unknown: " + what + "\n");
            };
        } catch (IllegalArgumentException | DecodeException e) {
            return new Reply(400, e.getMessage() + "\n");
        } catch (IllegalStateException e) {
            return new Reply(409, e.getMessage() + "\n");
        }
    }

    private static Reply after(Runnable step) {
        step.run();
        return DONE;
    }

    private void addRule(Buffer body) {
        RuleSpec.parse(body.toJsonObject()).addTo(runner.rules());
    }

    private void listen(String wanted) {
        switch (wanted) {
            case "true" -> runner.acceptConnections();
            case "false" -> runner.refuseConnections();
            default -> throw new IllegalArgumentException("neither true nor false: " + wanted);
        }
    }
}
