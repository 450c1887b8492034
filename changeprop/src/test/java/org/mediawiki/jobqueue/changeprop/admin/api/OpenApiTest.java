package org.mediawiki.jobqueue.changeprop.admin.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.mediawiki.jobqueue.changeprop.config.AdminConfig;
import org.mediawiki.jobqueue.changeprop.dead.DeadJobState;

/** The description and the routes say the same, both ways; what the routes answer is looked at in the system tests. */
class OpenApiTest {

    private final JsonNode description = read();

    @Test
    void everyRouteIsDescribedAndEveryDescriptionIsARoute() {
        Vertx vertx = Vertx.vertx();
        try {
            assertThat(routes(vertx)).isEqualTo(described());
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    @Test
    void everyReferenceLeadsSomewhere() {
        List<JsonNode> references = description.findValues("$ref");

        assertThat(references)
                .isNotEmpty()
                .allSatisfy(reference -> assertThat(
                                description.at(reference.asText().substring(1)).isMissingNode())
                        .as(reference.asText())
                        .isFalse());
    }

    @Test
    void everyExampleOfABodyFitsItsSchema() {
        List<JsonNode> contents = description.findValues("application/json");
        int examples = 0;
        for (JsonNode content : contents) {
            List<JsonNode> values = new ArrayList<>(content.path("examples").findValues("value"));
            if (content.has("example")) {
                values.add(content.get("example"));
            }
            for (JsonNode value : values) {
                assertThat(schema(content.path("schema")).validate(value))
                        .as(value.toString())
                        .isEmpty();
                examples++;
            }
        }
        assertThat(examples).isGreaterThanOrEqualTo(4);
    }

    @Test
    void everyChangeNeedsTheToken() {
        description
                .path("paths")
                .forEach(path -> path.properties().forEach(operation -> {
                    if (!Set.of("get", "parameters").contains(operation.getKey())) {
                        assertThat(operation.getValue().path("security").toString())
                                .as(operation.getValue().path("operationId").asText())
                                .isEqualTo("[{\"token\":[]}]");
                        assertThat(operation.getValue().path("responses").has("401"))
                                .isTrue();
                    }
                }));
    }

    @Test
    void everyOperationTellsOfWhatItRefuses() {
        description
                .path("paths")
                .forEach(path -> path.properties().forEach(operation -> {
                    String id = operation.getValue().path("operationId").asText();
                    // The description itself is for everybody, whatever they send.
                    if (!operation.getKey().equals("parameters") && !id.equals("description")) {
                        assertThat(statuses(operation.getValue().path("responses")))
                                .as(id)
                                .containsAll(refusals(operation.getKey(), id));
                    }
                }));
    }

    @Test
    void aTrialTellsWhyItIsNotMade() {
        JsonNode trial = description.at("/paths/~1api~1v1~1dead~1{id}~1try/post");

        assertThat(statuses(trial.path("responses"))).contains("400", "404", "409", "503");
        assertThat(trial.path("summary").asText()).contains("which runs it");
    }

    @Test
    void theStatesOfDeadJobsAreNamed() {
        JsonNode state = description.at("/components/parameters/State");
        String pattern = state.path("schema").path("pattern").asText();

        for (DeadJobState known : DeadJobState.values()) {
            String name = known.name().toLowerCase(Locale.ROOT);
            assertThat(name).matches(pattern);
            assertThat(state.path("description").asText()).contains("`" + name + "`");
        }
        assertThat(state.path("example").asText()).matches(pattern);
    }

    private static Set<String> refusals(String method, String id) {
        return switch (method) {
            case "get" -> id.equals("session") ? Set.of("401", "421") : Set.of("400", "401", "421");
            case "delete" -> Set.of("400", "401", "403", "404", "421", "503");
            default -> Set.of("400", "401", "403", "413", "415", "421");
        };
    }

    private static Set<String> statuses(JsonNode responses) {
        Set<String> statuses = new TreeSet<>();
        responses.fieldNames().forEachRemaining(statuses::add);
        return statuses;
    }

    private Set<String> described() {
        Set<String> described = new TreeSet<>();
        description
                .path("paths")
                .properties()
                .forEach(path -> path.getValue().fieldNames().forEachRemaining(method -> {
                    if (!method.equals("parameters")) {
                        described.add(method + " " + path.getKey());
                    }
                }));
        return described;
    }

    private static Set<String> routes(Vertx vertx) {
        Router router = Router.router(vertx);
        new AdminApi(
                        vertx,
                        new AdminConfig("127.0.0.1", 0, null, false),
                        FakePorts.of(vertx, new FakeInstance("nobody"), () -> {}, () -> {}))
                .mount(router);
        Set<String> routes = new TreeSet<>();
        for (Route route : router.getRoutes()) {
            for (HttpMethod method : Optional.ofNullable(route.methods()).orElse(Set.of())) {
                routes.add(method.name().toLowerCase(Locale.ROOT) + " "
                        + String.valueOf(route.getName()).replaceAll(":(\\w+)", "{$1}"));
            }
        }
        return routes;
    }

    private JsonSchema schema(JsonNode schema) {
        ObjectNode whole = schema.deepCopy();
        whole.set("components", description.path("components"));
        return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(whole);
    }

    private static JsonNode read() {
        try (InputStream text = AdminApi.class.getResourceAsStream("/openapi.yaml")) {
            return new YAMLMapper().readTree(text);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
