package org.mediawiki.jobqueue.loadtest.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/** Reads a {@link Disturbance} from a scenario's file. */
final class Kinds {

    private static final Map<String, Function<Value, Disturbance>> KINDS = new TreeMap<>(Map.of(
            "kill", value -> new Disturbance.Kill(value.number()),
            "stop", value -> new Disturbance.Stop(value.number()),
            "start", value -> new Disturbance.Start(value.number()),
            "freeze", value -> new Disturbance.Freeze(value.number()),
            "disconnect", value -> new Disturbance.Disconnect(value.number()),
            "answer", value -> new Disturbance.Answer(value.json()),
            "refuse", value -> new Disturbance.Refuse(),
            "broker", value -> new Disturbance.Broker(value.number()),
            "limit",
                    value -> new Disturbance.Limit(
                            value.at("type").json().asText(),
                            value.at("concurrency").number())));

    private Kinds() {}

    /** The keys that say what happens. */
    static Set<String> keys() {
        return KINDS.keySet();
    }

    /**
     * The one of that {@code key}.
     *
     * @throws IllegalArgumentException where there is none, or {@code value} is none of its
     */
    static Disturbance of(String key, JsonNode value) {
        Function<Value, Disturbance> kind = KINDS.get(key);
        if (kind == null) {
            throw new IllegalArgumentException("nothing that happens is called " + key + ", only " + keys());
        }
        return kind.apply(new Value(key, value));
    }

    /**
     * What stands there.
     *
     * @param key where, for messages
     */
    private record Value(String key, JsonNode json) {

        Value at(String name) {
            return new Value(key + "." + name, json.path(name));
        }

        int number() {
            if (!json.isInt() || json.intValue() < 0) {
                throw new IllegalArgumentException(key + " needs a number of 0 or more");
            }
            return json.intValue();
        }
    }
}
