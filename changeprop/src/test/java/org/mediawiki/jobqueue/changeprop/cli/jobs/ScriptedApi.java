package org.mediawiki.jobqueue.changeprop.cli.jobs;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.mediawiki.jobqueue.changeprop.cli.JobQueueCommand;
import picocli.CommandLine;

/** An admin port that answers what it was told to, and {@code jobqueue jobs} on it. */
final class ScriptedApi implements AutoCloseable {

    private final HttpServer server;
    private final Map<String, Deque<String>> answers = new ConcurrentHashMap<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<String> bodies = new CopyOnWriteArrayList<>();
    private final List<String> authorizations = new CopyOnWriteArrayList<>();

    ScriptedApi() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::answer);
        server.start();
    }

    /** {@code request} is such as {@code GET types}; one answer after the other, the last again and again. */
    ScriptedApi on(String request, String... json) {
        answers.put(request, new ArrayDeque<>(List.of(json)));
        return this;
    }

    /** What was asked, such as {@code GET types}. */
    List<String> requests() {
        return requests;
    }

    /** What each of the requests said. */
    List<String> bodies() {
        return bodies;
    }

    /** What each of the requests brought; {@code null} where it was nothing. */
    List<String> authorizations() {
        return authorizations;
    }

    /** What came of a command. */
    record Run(int exitCode, String out, String err) {}

    Run run(String... arguments) {
        List<String> all = new ArrayList<>(List.of("jobs"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--url", "http://127.0.0.1:" + server.getAddress().getPort()));
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine commandLine = JobQueueCommand.commandLine();
        commandLine.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        return new Run(commandLine.execute(all.toArray(new String[0])), out.toString(), err.toString());
    }

    private void answer(HttpExchange exchange) throws IOException {
        String request = exchange.getRequestMethod() + " "
                + exchange.getRequestURI().getPath().replaceFirst("^/api/v1/", "");
        requests.add(request);
        authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("authorization")));
        bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        Deque<String> script = answers.getOrDefault(request, new ArrayDeque<>());
        String json = script.size() > 1 ? script.remove() : script.peek();
        byte[] body = (json == null ? "nothing" : json).getBytes(StandardCharsets.UTF_8);
        try (exchange) {
            exchange.sendResponseHeaders(json == null ? 404 : 200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
