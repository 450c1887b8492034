package org.mediawiki.jobqueue.loadtest.standin;

import static org.mediawiki.jobqueue.loadtest.standin.Behaviour.ok;
import static org.mediawiki.jobqueue.loadtest.standin.Behaviour.status;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * A rule as text, for stand-ins in a process of their own.
 *
 * <pre>{@code
 * {"type": "refreshLinks", "wiki": "dewiki", "id": "…", "first_attempts": 1,      whom; all are optional
 *  "answer": "503",                                    a status, or a name of ANSWERS
 *  "headers": {"retry-after": "5"}, "body": "…",                                  for answers that have them
 *  "latency": "10ms-200ms", "times": 2}
 * }</pre>
 *
 * @param match whom it is for
 * @param times how often it holds; 0 for always
 * @param behaviour what they get
 */
record RuleSpec(JobMatch match, int times, Behaviour behaviour) {

    /** The answers that have a name. */
    static final Map<String, Behaviour> ANSWERS = Map.of(
            "ok", ok(),
            "readonly", Behaviour.readOnly(),
            "php-fatal", Behaviour.phpFatal(),
            "php-fatal-page", Behaviour.phpFatalPage(),
            "reset", Behaviour.reset(),
            "disconnect", Behaviour.disconnect(),
            "hang", Behaviour.hang(),
            "cut", ok().body("x".repeat(1_000)).cutShort(),
            "drip", ok().dripping(Duration.ofMillis(100)),
            "close", ok().thenClose());

    private static final Set<String> KEYS =
            Set.of("type", "wiki", "id", "first_attempts", "answer", "headers", "body", "latency", "times");

    /**
     * Reads a rule.
     *
     * @throws IllegalArgumentException if a key is unknown or a value has no meaning
     */
    static RuleSpec parse(JsonObject json) {
        Set<String> unknown = new TreeSet<>(json.fieldNames());
        unknown.removeAll(KEYS);
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("unknown: " + unknown + "; known are " + new TreeSet<>(KEYS));
        }
        try {
            Behaviour told = dressed(answer(json.getString("answer", "ok")), json);
            String latency = json.getString("latency", "0s");
            return new RuleSpec(matchOf(json), json.getInteger("times", 0), told.after(Latency.parse(latency)));
        } catch (ClassCastException e) {
            throw new IllegalArgumentException("a value of the wrong type: " + e.getMessage(), e);
        }
    }

    /** Reads an answer: a status from 200 to 599, or a name. */
    static Behaviour answer(String text) {
        if (text.matches("[2-5][0-9]{2}")) {
            return status(Integer.parseInt(text));
        }
        Behaviour named = ANSWERS.get(text);
        if (named == null) {
            throw new IllegalArgumentException(
                    "no answer: " + text + "; known are 200 to 599 and " + new TreeSet<>(ANSWERS.keySet()));
        }
        return named;
    }

    void addTo(RuleTable rules) {
        if (times > 0) {
            rules.on(match).answerTimes(times, behaviour);
        } else {
            rules.on(match).answer(behaviour);
        }
    }

    private static JobMatch matchOf(JsonObject json) {
        JobMatch match = JobMatch.any();
        if (json.containsKey("type")) {
            match = match.and(JobMatch.type(json.getString("type")));
        }
        if (json.containsKey("wiki")) {
            match = match.and(JobMatch.wiki(json.getString("wiki")));
        }
        if (json.containsKey("id")) {
            match = match.and(JobMatch.id(json.getString("id")));
        }
        if (json.containsKey("first_attempts")) {
            match = match.and(JobMatch.firstAttempts(json.getInteger("first_attempts")));
        }
        return match;
    }

    private static Behaviour dressed(Behaviour behaviour, JsonObject json) {
        if (behaviour instanceof Behaviour.Reply reply) {
            Behaviour.Reply dressed = reply;
            for (Map.Entry<String, Object> header : json.getJsonObject("headers", new JsonObject())) {
                dressed = dressed.header(header.getKey(), String.valueOf(header.getValue()));
            }
            return dressed.body(json.getString("body", reply.body()));
        }
        return behaviour;
    }
}
