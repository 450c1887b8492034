package org.mediawiki.jobqueue.loadtest.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.mediawiki.jobqueue.changeprop.config.DataSize;
import org.mediawiki.jobqueue.changeprop.config.Rate;

/** The jobs that come amid misfortunes: of a slow type, of quick ones, and of those that nobody has heard of. */
final class ChaosLoad {

    static final int TYPES = 12;

    /** The others, and those that come up meanwhile, are in the low-traffic pool. */
    static final int LIMITED_TYPES = TYPES - 2;

    /** Slots of the pool: so few that its types want them all. */
    static final int POOL = 4;

    static final Duration LONGEST_JOB = Duration.ofSeconds(3);

    private static final Duration BETWEEN_NEW_TYPES = Duration.ofSeconds(20);

    /** In each calm more comes at once than there are slots for: of the slow type, and of one in the pool beside the others. */
    private static final Duration CROWD_COMES_WITHIN = Duration.ofSeconds(2);

    /** So many jobs for each slot. */
    private static final int SLOW_CROWD = 4;

    private static final int POOL_CROWD = 120;

    private final Random random;
    private final Duration from;
    private final Duration length;

    /** Of those types that have one of their own. */
    private final List<Integer> limits;

    /** From {@code from} on, and until the quiet at the end of {@code length}, new types come up. */
    ChaosLoad(Random random, Duration from, Duration length) {
        this.random = random;
        this.from = from;
        this.length = length;
        this.limits = IntStream.range(0, LIMITED_TYPES)
                .mapToObj(number -> 1 + random.nextInt(30))
                .toList();
    }

    static String type(int number) {
        return "chaosType" + (char) ('A' + number);
    }

    /** How long the runner takes for them. */
    static List<JsonNode> rules() {
        return List.of(rule(null, "5ms-80ms"), rule(type(0), "500ms-" + LONGEST_JOB.toMillis() + "ms"));
    }

    private static JsonNode rule(@Nullable String type, String latency) {
        ObjectNode rule = JsonNodeFactory.instance.objectNode();
        rule.put("latency", latency);
        if (type != null) {
            rule.put("type", type);
        }
        return rule;
    }

    /** By job type, in the form of {@code lanes.main.jobs}. */
    Map<String, JsonNode> limits() {
        Map<String, JsonNode> byType = new TreeMap<>();
        for (int number = 0; number < LIMITED_TYPES; number++) {
            byType.put(type(number), JsonNodeFactory.instance.objectNode().put("concurrency", limits.get(number)));
        }
        return byType;
    }

    /** At each of {@code crowds} two crowds come. */
    List<LoadSpec> streams(List<Duration> crowds) {
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
        for (Duration at : crowds) {
            load.add(crowd(type(0), at, SLOW_CROWD * limits.get(0)));
            load.add(crowd(type(LIMITED_TYPES), at, POOL_CROWD * POOL));
        }
        return load;
    }

    private static LoadSpec crowd(String type, Duration at, int jobs) {
        double perSecond = jobs / (double) CROWD_COMES_WITHIN.toSeconds();
        return stream(List.of(type), CROWD_COMES_WITHIN, at, perSecond, 0, 0);
    }

    /** Job types that nobody has heard of come up in the midst of it all; their topics are created by the first job. */
    private void addNewTypes(List<LoadSpec> load) {
        Duration next = from;
        for (int number = 1; next.compareTo(length.minus(Chaos.QUIET_AT_LAST)) < 0; number++) {
            Duration first = next.plusMillis(random.nextInt((int) BETWEEN_NEW_TYPES.toMillis()));
            load.add(stream(List.of("chaosNew" + number), Duration.ofSeconds(5), first, 4, 0, 0));
            next = next.plus(BETWEEN_NEW_TYPES);
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
}
