package org.mediawiki.jobqueue.changeprop.fleet;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.mediawiki.jobqueue.changeprop.fleet.InstanceState.LaneState;
import org.mediawiki.jobqueue.changeprop.fleet.InstanceState.TypeState;

/** What an instance does, as JSON; see {@link FleetJson}. Pure. */
final class StateJson {

    private StateJson() {}

    static byte[] bytes(InstanceState state) {
        return FleetJson.bytes(
                new JsonObject().put("at", state.at().toString()).put("lanes", array(state.lanes(), StateJson::json)));
    }

    static Optional<InstanceState> read(byte[] value) {
        return FleetJson.read(
                value,
                json -> new InstanceState(
                        Instant.parse(json.getString("at", "")), list(json.getJsonArray("lanes"), StateJson::lane)));
    }

    private static JsonObject json(LaneState lane) {
        return new JsonObject()
                .put("name", lane.name())
                .put("target_breaker", lane.targetBreaker())
                .put("held_wikis", lane.heldWikis())
                .put("delayed", lane.delayed())
                .put("types", array(lane.types(), StateJson::json));
    }

    private static LaneState lane(JsonObject json) {
        return new LaneState(
                json.getString("name", ""),
                json.getString("target_breaker", ""),
                json.getInteger("held_wikis", 0),
                json.getInteger("delayed", 0),
                list(json.getJsonArray("types"), StateJson::type));
    }

    private static JsonObject json(TypeState type) {
        return new JsonObject()
                .put("type", type.type())
                .put("running", type.running())
                .put("waiting", type.waiting())
                .put("lag", type.lag())
                .put("held", type.held())
                .put("breaker", type.breaker())
                .put("oldest_attempt_seconds", type.oldestAttempt().toSeconds());
    }

    private static TypeState type(JsonObject json) {
        return new TypeState(
                json.getString("type", ""),
                json.getInteger("running", 0),
                json.getInteger("waiting", 0),
                json.getLong("lag", 0L),
                json.getBoolean("held", false),
                json.getString("breaker", ""),
                Duration.ofSeconds(json.getLong("oldest_attempt_seconds", 0L)));
    }

    private static <T> JsonArray array(List<T> values, Function<T, JsonObject> json) {
        JsonArray array = new JsonArray();
        values.forEach(value -> array.add(json.apply(value)));
        return array;
    }

    private static <T> List<T> list(JsonArray array, Function<JsonObject, T> reader) {
        return array == null
                ? List.of()
                : array.stream().map(JsonObject.class::cast).map(reader).toList();
    }
}
