package org.mediawiki.jobqueue.changeprop.cli.jobs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.mediawiki.jobqueue.changeprop.cli.Subcommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The options that every command has: whom to ask, and how to print. */
final class Connection {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final int HIGHEST_PORT = 65_535;

    private URI url = URI.create("http://127.0.0.1:9102");

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            defaultValue = "${env:JOBQUEUE_ADMIN_TOKEN}",
            description =
                    "For changes. Better in JOBQUEUE_ADMIN_TOKEN: an argument is seen in every list of processes.")
    private @Nullable String token;

    @Option(
            names = "--as",
            paramLabel = "NAME",
            defaultValue = "${sys:user.name}",
            description = "Who you are, for the audit; else your user name.")
    private String operator = "unknown";

    @Option(names = "--json", description = "Prints the API's own answer, for scripts.")
    private boolean json;

    @Spec(Target.MIXEE)
    private @Nullable CommandSpec spec;

    /** Looked at here, for the sake of the exit code: to the HTTP client it would be a bug. */
    @Option(
            names = "--url",
            paramLabel = "URL",
            defaultValue = "${env:JOBQUEUE_ADMIN_URL:-http://127.0.0.1:9102}",
            description = "The admin port of any instance; else JOBQUEUE_ADMIN_URL, else http://127.0.0.1:9102.")
    void ask(URI instance) {
        boolean isHttp = String.valueOf(instance.getScheme()).matches("(?i)https?");
        if (!isHttp || instance.getHost() == null || instance.getPort() > HIGHEST_PORT) {
            throw new ParameterException(
                    spec().commandLine(), "--url must be such as http://127.0.0.1:9102, but is " + instance);
        }
        url = instance;
    }

    ApiClient client() {
        return new ApiClient(url, Optional.of(plainToken()).filter(text -> !text.isEmpty()), operator);
    }

    /** Without the line break of the file that it came from; the HTTP client would show what it cannot send. */
    private String plainToken() {
        String plain = token == null ? "" : token.strip();
        if (!plain.matches("[ -~]*")) {
            throw new ParameterException(
                    spec().commandLine(), "The token must be printable ASCII, for it is sent as an HTTP header");
        }
        return plain;
    }

    boolean wantsJson() {
        return json;
    }

    /** The table, or the answer as it is. */
    void print(JsonNode answer, Object table) {
        PrintWriter out = out();
        out.print(json ? pretty(answer) : Texts.lines(String.valueOf(table)));
        out.flush();
    }

    void say(String line) {
        PrintWriter out = json ? err() : out();
        out.println(Texts.lines(line));
        out.flush();
    }

    /** Beside what a command tells, whether in a table or as JSON. */
    void warn(String line) {
        err().println(Texts.lines(line));
        err().flush();
    }

    PrintWriter out() {
        return spec().commandLine().getOut();
    }

    PrintWriter err() {
        return spec().commandLine().getErr();
    }

    CommandSpec spec() {
        return Subcommand.parsed(spec);
    }

    private static String pretty(JsonNode answer) {
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(answer) + "\n";
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
