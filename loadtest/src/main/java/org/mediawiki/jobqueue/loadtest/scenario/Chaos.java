package org.mediawiki.jobqueue.loadtest.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.mediawiki.jobqueue.changeprop.config.DataSize;
import org.mediawiki.jobqueue.changeprop.config.Rate;

/**
 * Scenarios of misfortunes drawn at random: three brokers, three instances, a mixed load, and every few seconds something
 * that breaks. The same seed and length give the same scenario. Whatever happens, nothing may be lost, no limit be
 * exceeded, and nothing run twice but what was in flight where a process was cut.
 */
public final class Chaos {

    private static final int INSTANCES = 3;
    private static final int BROKERS = 3;
    private static final int TYPES = 12;
    private static final Duration QUIET_AT_FIRST = Duration.ofSeconds(5);
    private static final Duration QUIET_AT_LAST = Duration.ofSeconds(15);
    private static final Duration LONGEST_JOB = Duration.ofSeconds(3);

    /** A commit waits while the broker that keeps it is replaced; what it would have said is not known then. */
    private static final Duration WINDOW = Duration.ofSeconds(1);

    private final Random random;
    private final Duration length;
    private final List<EventSpec> events = new ArrayList<>();

    private Chaos(long seed, Duration length) {
        this.random = new Random(seed);
        this.length = length;
    }

    /** {@code length} is for how long jobs come; at least half a minute. */
    public static Scenario of(long seed, Duration length) {
        if (length.compareTo(QUIET_AT_FIRST.plus(QUIET_AT_LAST).plusSeconds(10)) < 0) {
            throw new IllegalArgumentException("chaos needs 30 s at least, not " + length);
        }
        return new Chaos(seed, length).scenario(seed);
    }

    private Scenario scenario(long seed) {
        for (Duration at = QUIET_AT_FIRST; at.compareTo(length.minus(QUIET_AT_LAST)) < 0; at = misfortune(at)) {
            at = at.plusMillis(1_000 + random.nextInt(4_000));
        }
        events.sort(Comparator.comparing(EventSpec::at));
        return new Scenario(
                "Chaos from the seed " + seed + ", for " + length.toSeconds() + " s.",
                BROKERS,
                new Scenario.RunnerSpec(true, 1, rules()),
                new Scenario.DispatcherSpec(INSTANCES, limits(), Duration.ofMinutes(2), settings()),
                load(),
                new Scenario.WarmUp(0, QUIET_AT_FIRST),
                length,
                Duration.ofMinutes(3),
                events,
                new Expectations(null, null, WINDOW, false));
    }

    /** Adds one that begins at {@code at}, and says when the next may begin. */
    private Duration misfortune(Duration at) {
        int instance = random.nextInt(INSTANCES);
        Duration brief = Duration.ofMillis(500 + random.nextInt(5_000));
        Duration end = at.plus(brief);
        switch (random.nextInt(8)) {
            case 0 -> {
                events.add(event(at, Duration.ZERO, Kind.KILL, instance));
                events.add(event(end, Duration.ZERO, Kind.START, instance));
            }
            case 1 -> {
                // Longer than the drain of whatever runs.
                end = at.plus(LONGEST_JOB).plus(brief).plusSeconds(5);
                events.add(event(at, Duration.ZERO, Kind.STOP, instance));
                events.add(event(end, Duration.ZERO, Kind.START, instance));
            }
            case 2 -> events.add(event(at, brief, Kind.FREEZE, instance));
            case 3 -> {
                // Longer than a session lasts.
                brief = Duration.ofMillis(10_000 + random.nextInt(5_000));
                end = at.plus(brief);
                events.add(event(at, brief, Kind.FREEZE, instance));
            }
            case 4 -> events.add(event(at, brief, Kind.BROKER, 1 + random.nextInt(BROKERS)));
            case 5 -> events.add(event(at, brief, Kind.REFUSE, 0));
            case 6 -> events.add(answer(at, brief, "503"));
            default -> events.add(answer(at, brief, "readonly"));
        }
        return end;
    }

    private enum Kind {
        KILL,
        STOP,
        START,
        FREEZE,
        BROKER,
        REFUSE
    }

    private static EventSpec event(Duration at, Duration during, Kind kind, int number) {
        return new EventSpec(
                at,
                during,
                kind == Kind.KILL ? number : null,
                kind == Kind.STOP ? number : null,
                kind == Kind.START ? number : null,
                kind == Kind.FREEZE ? number : null,
                null,
                kind == Kind.REFUSE ? true : null,
                kind == Kind.BROKER ? number : null);
    }

    private EventSpec answer(Duration at, Duration during, String answer) {
        ObjectNode rule = JsonNodeFactory.instance.objectNode();
        rule.put("answer", answer);
        if (random.nextBoolean()) {
            rule.put("type", type(random.nextInt(TYPES)));
        }
        return new EventSpec(at, during, null, null, null, null, rule, null, null);
    }

    private List<JsonNode> rules() {
        List<JsonNode> rules = new ArrayList<>();
        rules.add(rule(null, "5ms-80ms"));
        rules.add(rule(type(0), "500ms-" + LONGEST_JOB.toMillis() + "ms"));
        return rules;
    }

    private static JsonNode rule(@Nullable String type, String latency) {
        ObjectNode rule = JsonNodeFactory.instance.objectNode();
        rule.put("latency", latency);
        if (type != null) {
            rule.put("type", type);
        }
        return rule;
    }

    /** The last two types are in the low-traffic pool. */
    private Map<String, JsonNode> limits() {
        Map<String, JsonNode> limits = new TreeMap<>();
        for (int number = 0; number < TYPES - 2; number++) {
            ObjectNode settings = JsonNodeFactory.instance.objectNode();
            settings.put("concurrency", 1 + random.nextInt(30));
            limits.put(type(number), settings);
        }
        return limits;
    }

    /** Back-offs are short, so that a run ends in time; the attempts are many, since no job may die. */
    private static JsonNode settings() {
        ObjectNode settings = JsonNodeFactory.instance.objectNode();
        settings.putObject("retry").put("limit", 10).put("delay", "1s").put("factor", 1.5);
        settings.put("readonly_hold", "2s");
        settings.put("drain_timeout", "10s");
        return settings;
    }

    private List<LoadSpec> load() {
        List<LoadSpec> load = new ArrayList<>();
        load.add(stream(List.of(type(0)), 2, 0, 0));
        List<String> quick = new ArrayList<>();
        for (int number = 1; number < TYPES; number++) {
            quick.add(type(number));
        }
        load.add(stream(quick, 80, 0, 0));
        load.add(stream(quick, 10, 1, 0));
        load.add(stream(quick, 5, 0, 0.2));
        return load;
    }

    private LoadSpec stream(List<String> types, double perSecond, double delayed, double duplicates) {
        return new LoadSpec(
                types,
                0,
                new Rate(perSecond),
                length,
                Duration.ZERO,
                new DataSize(500),
                20,
                delayed,
                Duration.ofSeconds(10),
                duplicates,
                null);
    }

    private static String type(int number) {
        return "chaosType" + (char) ('A' + number);
    }
}
