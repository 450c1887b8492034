package org.mediawiki.jobqueue.loadtest.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.mediawiki.jobqueue.changeprop.config.Durations;

/** Reads a {@link Disturbance} from a scenario's file. */
final class Kinds {

    private static final Map<String, Function<Value, Disturbance>> KINDS = new TreeMap<>(Map.ofEntries(
            Map.entry("kill", value -> new Disturbance.Kill(value.number())),
            Map.entry("stop", value -> new Disturbance.Stop(value.number())),
            Map.entry("start", value -> new Disturbance.Start(value.number())),
            Map.entry("freeze", value -> new Disturbance.Freeze(value.number())),
            Map.entry("disconnect", value -> new Disturbance.Disconnect(value.number())),
            Map.entry("answer", value -> new Disturbance.Answer(value.json())),
            Map.entry("refuse", value -> new Disturbance.Refuse()),
            Map.entry("broker", value -> new Disturbance.Broker(value.number())),
            Map.entry("kill_broker", value -> new Disturbance.KillBroker(value.number())),
            Map.entry("freeze_broker", value -> new Disturbance.FreezeBroker(value.number())),
            Map.entry("pause", value -> new Disturbance.Pause(value.json().asText())),
            Map.entry("bad_file", value -> new Disturbance.BadFile(value.number())),
            Map.entry(
                    "limit",
                    value -> new Disturbance.Limit(
                            value.at("type").json().asText(),
                            value.at("concurrency").number())),
            Map.entry("full_disk", value -> new Disturbance.FullDisk(value.number())),
            Map.entry(
                    "slow_disk",
                    value -> new Disturbance.SlowDisk(
                            value.at("instance").number(), value.at("by").duration())),
            Map.entry(
                    "clock",
                    value -> new Disturbance.Clock(
                            value.at("instance").number(), value.at("by").signedDuration()))));

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

        Duration duration() {
            try {
                return Durations.parse(json.asText());
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(key + " " + e.getMessage(), e);
            }
        }

        /** A minus sign may stand before it. */
        Duration signedDuration() {
            String text = json.asText();
            return text.startsWith("-")
                    ? new Value(key, TextNode.valueOf(text.substring(1)))
                            .duration()
                            .negated()
                    : duration();
        }
    }
}
