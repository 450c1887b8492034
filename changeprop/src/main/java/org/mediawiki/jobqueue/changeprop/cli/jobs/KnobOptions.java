package org.mediawiki.jobqueue.changeprop.cli.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** How a knob is turned: until when, why, or back to what the configuration says. */
final class KnobOptions {

    @Option(
            names = "--for",
            paramLabel = "TIME",
            description = "For so long, such as 2h; else until it is changed again.")
    private @Nullable String duration;

    @Option(names = "--reason", paramLabel = "TEXT", defaultValue = "", description = "Why, for the audit.")
    private String reason = "";

    @Option(names = "--dry-run", description = "Only says what would hold.")
    private boolean dryRun;

    /** Sets {@code knob} of {@code path}, such as {@code types/refreshLinks}. */
    int set(Connection connection, String path, String knob, Object value) {
        ObjectNode body =
                new ObjectMapper().createObjectNode().put("reason", reason).put("dry_run", dryRun);
        body.putPOJO("value", value);
        if (duration != null) {
            body.put("for", duration);
        }
        JsonNode changed = connection.client().put(path + "/overrides/" + knob, body);
        JsonNode override = changed.path("override");
        connection.print(
                changed,
                (dryRun ? "Would set " : "Set ") + override.path("scope").asText() + " "
                        + override.path("name").asText() + " " + knob + " to "
                        + override.path("value").asText()
                        + (override.path("until").isNull() ? "" : " until " + Texts.time(override.path("until")))
                        + ".\n");
        if (changed.path("notice").isTextual()) {
            connection.warn(changed.path("notice").asText());
        }
        return ExitCode.OK;
    }

    /** Takes the override away, for good: what is said of a time would be passed over. */
    int reset(Connection connection, String path, String knob) {
        if (duration != null) {
            throw new ParameterException(
                    connection.spec().commandLine(),
                    "--for says how long something is overridden; here the configuration holds again, for good");
        }
        if (dryRun) {
            connection.say("Would reset " + path + " " + knob + ".");
            return ExitCode.OK;
        }
        JsonNode changed = connection.client().delete(path + "/overrides/" + knob, Map.of("reason", reason));
        connection.print(changed, "What the configuration says of " + path + " " + knob + " holds again.\n");
        return ExitCode.OK;
    }

    /** What an operator has set before; empty where nothing. */
    static Optional<JsonNode> present(Connection connection, String scope, String name, String knob) {
        for (JsonNode override : connection.client().get("overrides", Map.of())) {
            if (override.path("scope").asText().equals(scope)
                    && override.path("name").asText().equals(name)
                    && override.path("knob").asText().equals(knob)) {
                return Optional.of(override);
            }
        }
        return Optional.empty();
    }
}
