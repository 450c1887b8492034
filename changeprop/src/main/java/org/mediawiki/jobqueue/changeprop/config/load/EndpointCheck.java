package org.mediawiki.jobqueue.changeprop.config.load;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import io.netty.util.NetUtil;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.mediawiki.jobqueue.changeprop.config.DataSize;
import org.mediawiki.jobqueue.changeprop.config.Durations;
import org.mediawiki.jobqueue.changeprop.config.TextForm;
import org.mediawiki.jobqueue.runner.http.TargetSettings.Connections;
import org.mediawiki.jobqueue.runner.http.TargetSettings.Requests;

/** URIs and what else a target could not be opened with, and ports of our own that collide. */
final class EndpointCheck implements Check {

    private static final JsonPointer TARGETS = JsonPointer.compile("/targets");
    private static final JsonPointer REDIS = JsonPointer.compile("/dedupe/redis/uri");
    private static final Pattern REDIS_PATH = Pattern.compile("rediss?://[^/?#]+(?<path>[^?#]*).*");
    private static final JsonPointer TRACING = JsonPointer.compile("/tracing/endpoint");
    private static final JsonPointer STORE = JsonPointer.compile("/dedupe/store");
    private static final JsonPointer ADMIN_PORT = JsonPointer.compile("/admin/port");
    private static final JsonPointer INTAKE_PORT = JsonPointer.compile("/intake/port");
    private static final JsonPointer ADMIN_TOKEN = JsonPointer.compile("/admin/token");
    private static final JsonPointer PROTECT_READS = JsonPointer.compile("/admin/protect_reads");
    private static final Pattern PRINTABLE = Pattern.compile("[ -~]*");

    private static final JsonPointer INTAKE_ALLOW = JsonPointer.compile("/intake/allow");
    private static final JsonPointer INTAKE_SECRET = JsonPointer.compile("/intake/secret");
    private static final JsonPointer INTAKE_MAX_BODY = JsonPointer.compile("/intake/max_body");

    /** It is held in memory, and Kafka's client takes no event of more than 16 MiB. */
    private static final DataSize LARGEST_BODY = DataSize.ofMebibytes(256);

    private static final int MAX_PORT = 65_535;

    private static final String TARGET_EXAMPLE = "such as https://host.example.org:4448/path";
    private static final String REDIS_EXAMPLE =
            "such as redis://host.example.org:6379/0; a password that stands here is percent-encoded (/ @ # ? % +), that of"
                    + " a variable is taken as it is: redis://:${PASSWORD}@host.example.org:6379/0";

    @Override
    public void check(Document document, Consumer<Problem> problems) {
        for (Map.Entry<String, JsonNode> target :
                document.root().path("targets").properties()) {
            checkTarget(document, TARGETS.appendProperty(target.getKey()), problems);
        }
        checkUri(document, REDIS, List.of("redis", "rediss"), REDIS_EXAMPLE, problems);
        checkUri(document, TRACING, List.of("http", "https"), "such as http://host.example.org:4448/path", problems);
        checkRedis(document, problems);
        checkDatabase(document, problems);
        checkPorts(document, problems);
        checkToken(document, problems);
        checkIntake(document, problems);
        checkSecret(document, problems);
    }

    private static void checkTarget(Document document, JsonPointer target, Consumer<Problem> problems) {
        JsonPointer uri = target.appendProperty("uri");
        checkUri(document, uri, List.of("https", "http"), TARGET_EXAMPLE, problems);
        // The value is not shown: it may hold a password.
        readUri(document, uri)
                .flatMap(EndpointCheck::superfluous)
                .ifPresent(rule -> problems.accept(
                        new Problem(Document.display(uri), document.line(uri), "(hidden)", rule, TARGET_EXAMPLE)));
        checkLongest(document, target.appendProperty("connect_timeout"), Connections.LONGEST_CONNECT_TIMEOUT, problems);
        checkLongest(document, target.appendProperty("max_connection_age"), Connections.LONGEST_AGE, problems);
        JsonPointer userAgent = target.appendProperty("user_agent");
        JsonNode text = document.root().at(userAgent);
        if (text.isTextual() && !Requests.isUserAgent(text.asText())) {
            problems.accept(document.problem(userAgent, "must be printable ASCII", "it is sent as an HTTP header"));
        }
    }

    /** What the URI of a target must not hold, though that of a Redis may. */
    private static Optional<String> superfluous(URI uri) {
        if (uri.getHost() == null) {
            return Optional.empty();
        } else if (uri.getRawUserInfo() != null) {
            return Optional.of("must not hold a user or a password");
        } else if (uri.getRawFragment() != null) {
            return Optional.of("must not hold a fragment (#)");
        } else if (uri.getPort() == 0 || uri.getPort() > MAX_PORT) {
            return Optional.of("must have a port from 1 to " + MAX_PORT);
        }
        return Optional.empty();
    }

    private static void checkLongest(Document document, JsonPointer at, Duration longest, Consumer<Problem> problems) {
        JsonNode value = document.root().at(at);
        if (!value.isTextual() || !value.asText().matches(TextForm.DURATION.pattern())) {
            return;
        }
        if (Durations.parse(value.asText()).compareTo(longest) > 0) {
            problems.accept(document.problem(
                    at, "must be " + Durations.format(longest) + " at most", "what is longer helps nobody"));
        }
    }

    private static Optional<URI> readUri(Document document, JsonPointer at) {
        try {
            return Optional.of(new URI(document.root().at(at).asText()));
        } catch (URISyntaxException toldElsewhere) {
            return Optional.empty();
        }
    }

    private static void checkUri(
            Document document, JsonPointer at, List<String> schemes, String example, Consumer<Problem> problems) {
        JsonNode value = document.root().at(at);
        if (!value.isTextual()) {
            return;
        }
        try {
            URI uri = new URI(value.asText());
            if (uri.getScheme() == null || !schemes.contains(uri.getScheme())) {
                problems.accept(
                        document.problem(at, "must begin with " + String.join(":// or ", schemes) + "://", example));
            } else if (uri.getHost() == null) {
                problems.accept(document.problem(at, "must name a host", example));
            }
        } catch (URISyntaxException e) {
            problems.accept(document.problem(at, "is not a URI: " + e.getReason(), example));
        }
    }

    private static void checkRedis(Document document, Consumer<Problem> problems) {
        boolean isAsked = document.root().at(STORE).asText().equals("redis");
        if (isAsked && document.root().at(REDIS.head()).isMissingNode()) {
            problems.accept(document.problem(
                    REDIS,
                    "is missing",
                    "`store: redis` needs to know where Redis is, such as redis://localhost:6379"));
        }
    }

    /** Redis' databases have numbers. */
    private static void checkDatabase(Document document, Consumer<Problem> problems) {
        Matcher path = REDIS_PATH.matcher(document.root().at(REDIS).asText());
        if (path.matches() && !path.group("path").matches("/?|/\\d{1,4}")) {
            problems.accept(document.problem(
                    REDIS, "must name its database by a number", "such as redis://localhost:6379/0, or without any"));
        }
    }

    private static void checkPorts(Document document, Consumer<Problem> problems) {
        JsonNode admin = document.root().at(ADMIN_PORT);
        JsonNode intake = document.root().at(INTAKE_PORT);
        if (admin.isInt() && intake.isInt() && admin.asInt() != 0 && admin.asInt() == intake.asInt()) {
            problems.accept(
                    document.problem(INTAKE_PORT, "must differ from admin.port", "the default is 8192, or 0 for any"));
        }
    }

    /** Whoever wants reads to be protected wants not everybody to look because a variable is not set. */
    private static void checkToken(Document document, Consumer<Problem> problems) {
        JsonNode token = document.root().at(ADMIN_TOKEN);
        if (token.isTextual() && !PRINTABLE.matcher(token.asText().strip()).matches()) {
            problems.accept(document.problem(ADMIN_TOKEN, "must be printable ASCII", "it is sent as an HTTP header"));
        }
        if (document.root().at(PROTECT_READS).asBoolean() && token.asText().isBlank()) {
            problems.accept(document.problem(
                    ADMIN_TOKEN,
                    token.isMissingNode() ? "is missing" : "must not be empty",
                    "`protect_reads: true` needs it; if it comes from a variable, is that set?"));
        }
    }

    private static void checkIntake(Document document, Consumer<Problem> problems) {
        int index = 0;
        for (JsonNode network : document.root().at(INTAKE_ALLOW)) {
            JsonPointer at = INTAKE_ALLOW.appendIndex(index++);
            if (network.asText().matches(TextForm.NETWORK.pattern()) && !isNetwork(network.asText())) {
                problems.accept(document.problem(
                        at,
                        "is no IP address, or no network",
                        "such as " + String.join(", ", TextForm.NETWORK.examples())));
            }
        }
        JsonNode maxBody = document.root().at(INTAKE_MAX_BODY);
        if (maxBody.asText().matches(TextForm.DATA_SIZE.pattern())
                && DataSize.parse(maxBody.asText()).bytes() > LARGEST_BODY.bytes()) {
            problems.accept(document.problem(
                    INTAKE_MAX_BODY, "must be " + LARGEST_BODY + " at most", "a body is held in memory"));
        }
    }

    /** Whoever wrote the key wants not everybody in, but its variable may be set and empty. */
    private static void checkSecret(Document document, Consumer<Problem> problems) {
        JsonNode secret = document.root().at(INTAKE_SECRET);
        if (secret.isTextual() && secret.asText().isBlank()) {
            problems.accept(document.problem(
                    INTAKE_SECRET, "must not be empty", "leave the key out to let in whoever reaches the port"));
        }
    }

    private static boolean isNetwork(String text) {
        String[] parts = text.split("/", 2);
        byte[] address = NetUtil.createByteArrayFromIpAddressString(parts[0]);
        return address != null && (parts.length == 1 || Integer.parseInt(parts[1]) <= Byte.SIZE * address.length);
    }
}
