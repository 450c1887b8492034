package org.mediawiki.jobqueue.changeprop.config.load;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** URIs, and ports of our own that collide. */
final class EndpointCheck implements Check {

    private static final JsonPointer TARGETS = JsonPointer.compile("/targets");
    private static final JsonPointer REDIS = JsonPointer.compile("/dedupe/redis/uri");
    private static final Pattern REDIS_PATH = Pattern.compile("rediss?://[^/?#]+(?<path>[^?#]*).*");
    private static final JsonPointer STORE = JsonPointer.compile("/dedupe/store");
    private static final JsonPointer ADMIN_PORT = JsonPointer.compile("/admin/port");
    private static final JsonPointer INTAKE_PORT = JsonPointer.compile("/intake/port");

    @Override
    public void check(Document document, Consumer<Problem> problems) {
        for (Map.Entry<String, JsonNode> target :
                document.root().path("targets").properties()) {
            JsonPointer at = TARGETS.appendProperty(target.getKey()).appendProperty("uri");
            checkUri(document, at, List.of("https", "http"), problems);
        }
        checkUri(document, REDIS, List.of("redis", "rediss"), problems);
        checkRedis(document, problems);
        checkDatabase(document, problems);
        checkPorts(document, problems);
    }

    private static void checkUri(Document document, JsonPointer at, List<String> schemes, Consumer<Problem> problems) {
        JsonNode value = document.root().at(at);
        if (!value.isTextual()) {
            return;
        }
        String example = schemes.get(0) + "://host.example.org:4448/path";
        try {
            URI uri = new URI(value.asText());
            if (uri.getScheme() == null || !schemes.contains(uri.getScheme())) {
                problems.accept(document.problem(
                        at, "must begin with " + String.join(":// or ", schemes) + "://", "such as " + example));
            } else if (uri.getHost() == null) {
                problems.accept(document.problem(at, "must name a host", "such as " + example));
            }
        } catch (URISyntaxException e) {
            problems.accept(document.problem(at, "is not a URI: " + e.getReason(), "such as " + example));
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
}
