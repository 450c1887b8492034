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
