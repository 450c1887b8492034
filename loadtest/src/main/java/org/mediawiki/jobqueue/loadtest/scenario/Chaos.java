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
 * that breaks or is changed. The same seed and length give the same scenario. Whatever happens, nothing may be lost, no limit be
 * exceeded, nothing run twice but what was in flight where a process was cut, nothing begin before its time, no outage cost
 * attempts, no process end by itself, every record be accounted for, and memory stay bounded.
 */
public final class Chaos {

    private static final int INSTANCES = 3;
    private static final int BROKERS = 3;
    private static final int TYPES = 12;

    /** The others, and those that come up meanwhile, are in the low-traffic pool. */
    private static final int LIMITED_TYPES = TYPES - 2;

    private static final int POOL = 4;

    private static final Duration BETWEEN_NEW_TYPES = Duration.ofSeconds(20);
    private static final Duration QUIET_AT_FIRST = Duration.ofSeconds(5);
    private static final Duration QUIET_AT_LAST = Duration.ofSeconds(15);
    private static final Duration LONGEST_JOB = Duration.ofSeconds(3);

    /** A commit waits while the broker that keeps it is replaced; what it would have said is not known then. */
    private static final Duration WINDOW = Duration.ofSeconds(1);

    /** Of all instances, each with a heap of 256 MB. */
    private static final DataSize MEMORY = DataSize.ofMebibytes(INSTANCES * 512);

    private final Random random;
    private final RunnerFaults faults;
    private final Duration length;
    private final List<EventSpec> events = new ArrayList<>();

    private Chaos(long seed, Duration length) {
        this.random = new Random(seed);
        this.faults = new RunnerFaults(random);
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
                Expectations.amidMisfortunes(WINDOW, MEMORY));
    }

    /** Adds one that begins at {@code at}, and says when the next may begin. */
    private Duration misfortune(Duration at) {
        int instance = random.nextInt(INSTANCES);
        Duration brief = Duration.ofMillis(500 + random.nextInt(5_000));
        Duration end = at.plus(brief);
        switch (random.nextInt(28)) {
            case 0 -> {
                add(EventSpec.at(at, new Disturbance.Kill(instance)));
                add(EventSpec.at(end, new Disturbance.Start(instance)));
            }
            case 1 -> {
                // Longer than the drain of whatever runs.
                end = at.plus(LONGEST_JOB).plus(brief).plusSeconds(5);
                add(EventSpec.at(at, new Disturbance.Stop(instance)));
                add(EventSpec.at(end, new Disturbance.Start(instance)));
            }
            case 2 -> add(new EventSpec(at, brief, new Disturbance.Freeze(instance)));
            case 3 -> end = add(new EventSpec(at, longerThanASession(), new Disturbance.Freeze(instance)));
            case 4 -> add(new EventSpec(at, brief, new Disturbance.Disconnect(instance)));
            case 5 -> end = add(new EventSpec(at, longerThanASession(), new Disturbance.Disconnect(instance)));
            case 6 -> add(new EventSpec(at, brief, new Disturbance.Broker(1 + random.nextInt(BROKERS))));
            case 7 -> add(new EventSpec(at, brief, new Disturbance.Refuse()));
            case 8 -> add(new EventSpec(at, brief, faults.answer("503")));
            case 9 -> add(new EventSpec(at, brief, faults.readOnly(type(random.nextInt(TYPES)))));
            case 10 -> end = add(new EventSpec(at, brief.plusSeconds(5), new Disturbance.FullDisk(instance)));
            case 11 -> end = add(new EventSpec(at, brief.plusSeconds(5), new Disturbance.SlowDisk(instance, moment())));
            case 12 -> end = add(new EventSpec(at, brief.plusSeconds(5), new Disturbance.Clock(instance, jump())));
            case 13 -> add(new EventSpec(at, brief, faults.answer("disconnect")));
            case 14 -> add(new EventSpec(at, brief, faults.slow("1s")));
            case 15 -> {
                // What hangs ends when the runner is started again.
                add(new EventSpec(at, brief, faults.answer("hang")));
                end = add(new EventSpec(end, Duration.ofMillis(500), new Disturbance.Refuse()));
            }
            // It reads its logs before it takes part again.
            case 16, 17 -> end = add(new EventSpec(at, brief, killOfBroker())).plusSeconds(10);
            case 18 -> add(new EventSpec(at, brief, freezeOfBroker()));
            case 19 -> end = add(new EventSpec(at, longerThanASession(), freezeOfBroker()));
            case 20, 21 -> add(new EventSpec(at, brief, faults.failureOfFirstAttempts()));
            case 22 -> add(new EventSpec(at, brief, faults.answerOfAProxy()));
            case 23 -> add(new EventSpec(at, brief, faults.tooManyRequests()));
            // Longer than it may take until it holds everywhere.
            case 24 -> end = add(new EventSpec(at, brief.plusSeconds(10), pause()));
            case 25 -> add(new EventSpec(at, brief, new Disturbance.BadFile(instance)));
            default -> end = add(new EventSpec(at, brief.plusSeconds(10), limit()));
        }
        return end;
    }

    /** Returns when it is over. */
    private Duration add(EventSpec event) {
        events.add(event);
        return event.end();
    }

    private Duration longerThanASession() {
        return Duration.ofMillis(10_000 + random.nextInt(5_000));
    }

    private Duration moment() {
        return Duration.ofMillis(10 + random.nextInt(90));
    }

    private Duration jump() {
        Duration far = Duration.ofMillis(5_000 + random.nextInt(90_000));
        return random.nextBoolean() ? far : far.negated();
    }

    private Disturbance killOfBroker() {
        return new Disturbance.KillBroker(1 + random.nextInt(BROKERS));
    }

    private Disturbance freezeOfBroker() {
        return new Disturbance.FreezeBroker(1 + random.nextInt(BROKERS));
    }

    private Disturbance pause() {
        return new Disturbance.Pause(type(random.nextInt(LIMITED_TYPES)));
    }

    private Disturbance limit() {
        return new Disturbance.Limit(type(random.nextInt(LIMITED_TYPES)), 1 + random.nextInt(3));
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

    private Map<String, JsonNode> limits() {
        Map<String, JsonNode> limits = new TreeMap<>();
        for (int number = 0; number < LIMITED_TYPES; number++) {
            ObjectNode settings = JsonNodeFactory.instance.objectNode();
            settings.put("concurrency", 1 + random.nextInt(30));
            limits.put(type(number), settings);
        }
        return limits;
    }

    /**
     * Back-offs are short, so that a run ends in time. The attempts are few, so that jobs would die of an outage that cost
     * attempts; they are not none, for a connection that breaks by itself counts.
     */
    private static JsonNode settings() {
        ObjectNode settings = JsonNodeFactory.instance.objectNode();
        settings.putObject("retry").put("limit", 2).put("delay", "1s").put("factor", 1.5);
        settings.put("readonly_hold", "2s");
        settings.put("drain_timeout", "10s");
        // So few that the types of the pool want them all.
        settings.putObject("lanes").putObject("main").putObject("low_traffic").put("concurrency", POOL);
        // So that every instance's scheduler has something to lose.
        settings.putObject("kafka").putObject("own_topics").put("partitions", INSTANCES);
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
        addNewTypes(load);
        return load;
    }

    /** Job types that nobody has heard of come up in the midst of it all; their topics are created by the first job. */
    private void addNewTypes(List<LoadSpec> load) {
        Duration from = QUIET_AT_FIRST;
        for (int number = 1; from.compareTo(length.minus(QUIET_AT_LAST)) < 0; number++) {
            Duration first = from.plusMillis(random.nextInt((int) BETWEEN_NEW_TYPES.toMillis()));
            load.add(stream(List.of("chaosNew" + number), Duration.ofSeconds(5), first, 4, 0, 0));
            from = from.plus(BETWEEN_NEW_TYPES);
        }
    }

    private LoadSpec stream(List<String> types, double perSecond, double delayed, double duplicates) {
        return stream(types, length, Duration.ZERO, perSecond, delayed, duplicates);
    }

    private static LoadSpec stream(
            List<String> types, Duration during, Duration after, double perSecond, double delayed, double duplicates) {
        return new LoadSpec(
                types,
                0,
                new Rate(perSecond),
                during,
                after,
                SizeRange.always(new DataSize(500)),
                20,
                delayed,
                Duration.ofSeconds(10),
                duplicates,
                Duration.ZERO,
                0,
                0,
                null);
    }

    private static String type(int number) {
        return "chaosType" + (char) ('A' + number);
    }
}
