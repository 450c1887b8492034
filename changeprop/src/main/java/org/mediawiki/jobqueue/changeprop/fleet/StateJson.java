package org.mediawiki.jobqueue.changeprop.fleet;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.mediawiki.jobqueue.changeprop.fleet.InstanceState.LaneState;
import org.mediawiki.jobqueue.changeprop.fleet.InstanceState.TypeState;
import org.mediawiki.jobqueue.changeprop.fleet.InstanceState.Work;

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
                .put("waiting_for_time", lane.waitingForTime())
                .put("handed_over", lane.handedOver())
                .put("types", array(lane.types(), StateJson::json));
    }

    private static LaneState lane(JsonObject json) {
        return new LaneState(
                json.getString("name", ""),
                json.getString("target_breaker", ""),
                json.getInteger("held_wikis", 0),
                json.getInteger("waiting_for_time", 0),
                json.getInteger("handed_over", 0),
                list(json.getJsonArray("types"), StateJson::type));
    }

    private static JsonObject json(TypeState type) {
        Work work = type.work();
        JsonObject verdicts = new JsonObject();
        work.verdicts().forEach(verdicts::put);
        return new JsonObject()
                .put("type", type.type())
                .put("pool", type.pool())
                .put("limit", type.limit())
                .put("partitions", type.partitions())
                .put("lag", type.lag())
                .put("running", work.running())
                .put("elsewhere", work.elsewhere())
                .put("waiting", work.waiting())
                .put("paused", work.paused())
                .put("held", work.held())
                .put("breaker", work.breaker())
                .put("oldest_attempt_seconds", work.oldestAttempt().toSeconds())
                .put("verdicts", verdicts);
    }

    private static TypeState type(JsonObject json) {
        return new TypeState(
                json.getString("type", ""),
                json.getString("pool", ""),
                json.getInteger("limit", 0),
                json.getInteger("partitions", 0),
                json.getLong("lag", 0L),
                new Work(
                        json.getInteger("running", 0),
                        json.getInteger("elsewhere", 0),
                        json.getInteger("waiting", 0),
                        json.getBoolean("paused", false),
                        json.getBoolean("held", false),
                        json.getString("breaker", ""),
                        Duration.ofSeconds(json.getLong("oldest_attempt_seconds", 0L)),
                        counts(json.getJsonObject("verdicts", new JsonObject()))));
    }

    private static Map<String, Long> counts(JsonObject json) {
        Map<String, Long> counts = new HashMap<>();
        json.fieldNames().forEach(name -> counts.put(name, json.getLong(name, 0L)));
        return counts;
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
