package org.mediawiki.jobqueue.changeprop.admin.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.mediawiki.jobqueue.changeprop.audit.AuditLog;
import org.mediawiki.jobqueue.changeprop.config.AdminConfig;
import org.mediawiki.jobqueue.changeprop.control.Control;
import org.mediawiki.jobqueue.changeprop.control.Knob;
import org.mediawiki.jobqueue.changeprop.control.OperatorOverride;
import org.mediawiki.jobqueue.changeprop.dead.DeadJobs;
import org.mediawiki.jobqueue.changeprop.dead.MarkBoard;
import org.mediawiki.jobqueue.changeprop.schedule.WaitingJobs;
import org.mediawiki.jobqueue.changeprop.status.History;
import org.mediawiki.jobqueue.changeprop.status.Status;
import org.mediawiki.jobqueue.changeprop.status.TypeKey;
import org.mediawiki.jobqueue.changeprop.topic.Topics;
import org.mediawiki.jobqueue.runner.Time;

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
        new AdminApi(vertx, new AdminConfig("127.0.0.1", 0, null, false), ports()).mount(router);
        Set<String> routes = new TreeSet<>();
        for (Route route : router.getRoutes()) {
            for (HttpMethod method : Optional.ofNullable(route.methods()).orElse(Set.of())) {
                routes.add(method.name().toLowerCase(Locale.ROOT) + " "
                        + String.valueOf(route.getName()).replaceAll(":(\\w+)", "{$1}"));
            }
        }
        return routes;
    }

    private static AdminApi.Ports ports() {
        AuditLog audit =
                new AuditLog((key, value) -> new CompletableFuture<>(), "i", Time.of(Vertx.vertx()), () -> "1");
        return new AdminApi.Ports(new Nobody(), deadJobs(), new NoControl(), audit, () -> {});
    }

    private static DeadJobs deadJobs() {
        MarkBoard board = new MarkBoard() {
            @Override
            public CompletableFuture<Void> write(String key, byte @Nullable [] value) {
                return new CompletableFuture<>();
            }

            @Override
            public CompletableFuture<Void> caughtUp() {
                return new CompletableFuture<>();
            }
        };
        Admin admin = Admin.create(Map.of("bootstrap.servers", "127.0.0.1:1"));
        admin.close(Duration.ZERO);
        return DeadJobs.of(
                new Topics("dc", "s"),
                10,
                new DeadJobs.Ports(
                        new MockConsumer<>("earliest"),
                        new MockConsumer<>("earliest"),
                        admin,
                        event -> Future.succeededFuture(),
                        board,
                        stream -> Optional.empty()),
                Time.of(Vertx.vertx()),
                () -> "1");
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

    /** Overrides that nobody sets. */
    private static final class NoControl implements Control {

        @Override
        public List<OperatorOverride> list() {
            return List.of();
        }

        @Override
        public CompletableFuture<Void> set(OperatorOverride override) {
            return new CompletableFuture<>();
        }

        @Override
        public CompletableFuture<Void> clear(Knob knob, String by, String reason) {
            return new CompletableFuture<>();
        }
    }

    /** An instance that is asked nothing. */
    private static final class Nobody implements ThisInstance {

        @Override
        public String name() {
            return "nobody";
        }

        @Override
        public Future<Status> status() {
            return Future.failedFuture("nobody");
        }

        @Override
        public List<TypeKey> types() {
            return List.of();
        }

        @Override
        public List<History.Point> points(TypeKey type) {
            return List.of();
        }

        @Override
        public WaitingJobs waitingJobs() {
            throw new AssertionError("nobody waits");
        }

        @Override
        public Future<List<Sighting>> sightings(String id) {
            return Future.succeededFuture(List.of());
        }

        @Override
        public Future<List<Done>> done(String id) {
            return Future.succeededFuture(List.of());
        }

        @Override
        public List<Peer> others() {
            return List.of();
        }

        @Override
        public Optional<Status> lastKnown(String instance, String trouble) {
            return Optional.empty();
        }

        @Override
        public Optional<Future<Trial>> tryOn(String target, TrialJob job) {
            return Optional.empty();
        }

        @Override
        public List<String> targets() {
            return List.of();
        }
    }
}
