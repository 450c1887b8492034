package org.mediawiki.jobqueue.loadtest.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mediawiki.jobqueue.loadtest.standin.Behaviour.status;
import static org.mediawiki.jobqueue.loadtest.standin.JobMatch.type;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.mediawiki.jobqueue.loadtest.generate.JobEvents;
import org.mediawiki.jobqueue.loadtest.generate.JobShape;

/** Every operation of the description answers, and what it answers fits the schema that stands there. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class OpenApiIT {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final TestBed bed = new TestBed();
    private Api api;
    private JsonNode description;
    private String deadId;
    private String scheduledId;

    @BeforeAll
    void start() throws IOException {
        bed.createTopics("Mortal", "Patient");
        bed.runner().on(type("Mortal")).answer(status(400));
        api = Api.of(bed.start(Setup.plain().withKeys(Api.ADMIN)));
        JobEvents events = new JobEvents(3, Clock.systemUTC());
        bed.produce(List.of(
                events.next(JobShape.of("Mortal")),
                events.next(JobShape.of("Patient").withDelayUntil(Instant.now().plusSeconds(3_600)))));
        await().atMost(TestBed.PATIENCE)
                .until(() -> !api.get("/api/v1/dead").getJsonArray("jobs").isEmpty()
                        && !api.get("/api/v1/scheduled").getJsonArray("jobs").isEmpty());
        deadId = first("/api/v1/dead");
        scheduledId = first("/api/v1/scheduled");
        description = new YAMLMapper()
                .readTree(api.send("GET", "/api/v1/openapi.yaml", "").body());
    }

    @AfterAll
    void stop() {
        bed.close();
    }

    @Test
    void everyAnswerFitsItsDescription() {
        List<String> asked = new ArrayList<>();
        description
                .path("paths")
                .properties()
                .forEach(path -> path.getValue().properties().forEach(operation -> {
                    if (operation.getKey().equals("parameters")) {
                        return;
                    }
                    String method = operation.getKey().toUpperCase(Locale.ROOT);
                    HttpResponse<String> answer = api.send(method, path(path.getKey()), body(path.getKey()));
                    asked.add(method + " " + path.getKey());
                    JsonNode told = operation.getValue().path("responses").path(Integer.toString(answer.statusCode()));
                    assertThat(told.isMissingNode())
                            .as(asked.get(asked.size() - 1) + " answers " + answer.statusCode() + ": " + answer.body())
                            .isFalse();
                    assertThat(answer.statusCode())
                            .as(asked.get(asked.size() - 1))
                            .isEqualTo(200);
                    fits(told, answer, asked.get(asked.size() - 1));
                }));
        assertThat(asked).hasSizeGreaterThan(18);
    }

    private void fits(JsonNode told, HttpResponse<String> answer, String operation) {
        JsonNode schema = told.path("content").path("application/json").path("schema");
        if (schema.isMissingNode()) {
            return;
        }
        ObjectNode whole = schema.deepCopy();
        whole.set("components", description.path("components"));
        try {
            assertThat(JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                            .getSchema(whole)
                            .validate(JSON.readTree(answer.body())))
                    .as(operation + ": " + answer.body())
                    .isEmpty();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private String path(String template) {
        String id = template.contains("/dead/") ? deadId : template.contains("/scheduled/") ? scheduledId : "some-id";
        return template.replace("{id}", id)
                .replace("{type}", "Mortal")
                .replace("{lane}", "main")
                .replace("{knob}", "paused");
    }

    private String body(String template) {
        Map<String, JsonObject> bodies = Map.of(
                "/api/v1/dead/{id}/try", new JsonObject().put("target", "mw-jobrunner"),
                "/api/v1/dead/replay", dryRun().put("filter", new JsonObject()),
                "/api/v1/dead/drop", dryRun().put("filter", new JsonObject()),
                "/api/v1/scheduled/find", new JsonObject().put("ids", new JsonArray().add(scheduledId)),
                "/api/v1/scheduled/run", dryRun().put("type", "Patient"),
                "/api/v1/scheduled/drop", dryRun().put("type", "Patient"));
        JsonObject body = bodies.get(template);
        return body != null
                ? body.encode()
                : template.contains("overrides/") ? "{\"value\": true, \"for\": \"1h\"}" : "";
    }

    private static JsonObject dryRun() {
        return new JsonObject().put("dry_run", true);
    }

    private String first(String path) {
        return api.get(path).getJsonArray("jobs").getJsonObject(0).getString("id");
    }
}
