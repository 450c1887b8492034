package org.mediawiki.jobqueue.changeprop.admin.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mediawiki.jobqueue.changeprop.status.BreakerStatus;
import org.mediawiki.jobqueue.changeprop.status.InstanceStatus;
import org.mediawiki.jobqueue.changeprop.status.LaneStatus;
import org.mediawiki.jobqueue.changeprop.status.Status;
import org.mediawiki.jobqueue.changeprop.status.TypeStatus;
import org.mediawiki.jobqueue.changeprop.status.TypeStatus.Limits;
import org.mediawiki.jobqueue.changeprop.status.TypeStatus.Use;
import org.mediawiki.jobqueue.changeprop.status.Window;

/** Whatever part of the status somebody asks any instance for, it is that of the whole fleet. */
final class FleetStatusIT {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final FakeInstance one = new FakeInstance("one");
    private final FakeInstance other = new FakeInstance("other");
    private ServedApi api;
    private ServedApi otherApi;

    @BeforeEach
    void serve() {
        one.is(status("one", 3));
        other.is(status("other", 2));
        api = ServedApi.of(one);
        otherApi = ServedApi.of(other);
        one.knows("other", otherApi.port());
        other.knows("one", api.port());
    }

    @AfterEach
    void close() {
        api.close();
        otherApi.close();
    }

    @Test
    void whoAnswersIsListedWithoutTrouble() {
        assertBothAreWell(new JsonArray(api.get("/api/v1/fleet")));
        assertBothAreWell(new JsonArray(otherApi.get("/api/v1/fleet")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/v1/types", "/api/v1/types/refreshLinks"})
    void ofATypeAllIsCounted(String path) {
        JsonArray types = new JsonArray(api.get(path));

        assertThat(types).hasSize(1);
        assertThat(types.getJsonObject(0).getJsonObject("use").getInteger("running"))
                .isEqualTo(5);
    }

    @Test
    void ofALaneAllIsCounted() {
        JsonArray lanes = new JsonArray(api.get("/api/v1/lanes"));

        assertThat(lanes).hasSize(1);
        assertThat(lanes.getJsonObject(0).getInteger("running")).isEqualTo(5);
    }

    @Test
    void theLagIsThatOfAll() {
        JsonObject lag = new JsonObject(api.get("/api/v1/lag"));

        assertThat(lag.getJsonObject("main/refreshLinks").getInteger("backlog")).isEqualTo(50);
    }

    /** The fleet is not asked again for whoever looks at the same time. */
    @ParameterizedTest
    @ValueSource(strings = {"fleet", "lanes", "types", "types/refreshLinks", "lag"})
    void whateverWasAskedForJustBeforeTheStatusIsThatOfAll(String before) {
        api.get("/api/v1/" + before);

        JsonObject status = new JsonObject(api.get("/api/v1/status"));

        assertBothAreWell(status.getJsonArray("instances"));
    }

    @Test
    void whoWantsOneInstanceAloneGetsIt() {
        JsonObject lag = new JsonObject(api.get("/api/v1/lag?only=self"));

        assertThat(new JsonArray(api.get("/api/v1/fleet?only=self"))).hasSize(1);
        assertThat(lag.getJsonObject("main/refreshLinks").getInteger("backlog")).isEqualTo(30);
    }

    private static void assertBothAreWell(JsonArray instances) {
        assertThat(instances).hasSize(2).allSatisfy(item -> {
            JsonObject instance = (JsonObject) item;
            assertThat(instance.getJsonArray("troubles")).isEmpty();
            assertThat(instance.getString("version")).isEqualTo("1");
        });
    }

    /** It runs as many attempts, of ten times as many jobs. */
    private static Status status(String instance, long running) {
        BreakerStatus closed = new BreakerStatus("closed", "", NOW, List.of());
        InstanceStatus self =
                new InstanceStatus(instance, "1", NOW, null, List.of("main"), running, List.of(), List.of());
        LaneStatus lane = new LaneStatus("main", "near", "http://near/", null, false, running, 0, 0, closed, "");
        TypeStatus type = new TypeStatus(
                "main",
                "refreshLinks",
                new Limits("refreshLinks", 5, null, null, null, 0, false, 60, 2),
                new Use(running, 0, running * 10, 0, 0, 0, 0, false),
                closed,
                Window.NOTHING,
                Window.NOTHING,
                Map.of());
        return new Status(NOW, "s", "dc", instance, List.of(self), List.of(lane), List.of(type));
    }
}
