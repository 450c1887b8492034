package org.mediawiki.jobqueue.runner.lane;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Random;

/**
 * What holds for the lane of the model: nine job types, some of which share pools.
 *
 * @param concurrency of the lane
 * @param mostBlocked how many places blocked tasks of a type may take
 * @param types what holds for each
 */
record LaneArrangement(OptionalInt concurrency, int mostBlocked, boolean paused, Map<String, TypeSettings> types) {

    /** A blocked task takes one place, and one more for so many bytes of its body. */
    static final int PLACE_BYTES = 100;

    /** The only one that ever has a rate. */
    static final String PACED = "paced";

    private static final OptionalInt NONE = OptionalInt.empty();
    private static final OptionalDouble NO_RATE = OptionalDouble.empty();
    private static final List<OptionalDouble> RATES = List.of(OptionalDouble.of(3), OptionalDouble.of(8), NO_RATE);
    private static final PoolSettings PACE =
            new PoolSettings(PACED, 4, 0.8, -1, new FinerLimits(NONE, OptionalInt.of(2), OptionalDouble.of(3)));
    private static final PoolSettings LOW = pool("low_traffic_jobs", 5, 0.4, OptionalInt.of(3), OptionalInt.of(2));
    private static final Map<String, PoolSettings> POOLS = Map.of(
            "sectioned", pool("sectioned", 4, 1, OptionalInt.of(2), NONE),
            "single", new PoolSettings("single", 3, 1, 5, new FinerLimits(NONE, OptionalInt.of(1), NO_RATE)),
            "paced1", PACE,
            "paced2", PACE,
            "low1", LOW,
            "low2", LOW,
            "low3", LOW,
            "free", pool("free", 6, 1, NONE, NONE),
            "paused", LOW);

    static final List<String> TYPES = POOLS.keySet().stream().sorted().toList();

    /** One job type is paused, and nothing else. */
    static LaneArrangement usual(Random random) {
        Map<String, TypeSettings> types = new HashMap<>();
        POOLS.forEach((type, pool) -> types.put(type, type(pool, type.equals("paused"))));
        return new LaneArrangement(concurrency(random), 1 + random.nextInt(8), false, types);
    }

    /** Some limits are others, some types have or share other pools, some are paused, now and then all of them. */
    static LaneArrangement any(Random random) {
        Map<String, PoolSettings> pools = new HashMap<>();
        Map<String, TypeSettings> types = new HashMap<>();
        for (String type : TYPES) {
            String name = poolOf(type, random);
            PoolSettings pool = pools.computeIfAbsent(name, ignored -> anyPool(name, random));
            types.put(type, type(pool, random.nextInt(6) == 0));
        }
        return new LaneArrangement(concurrency(random), 1 + random.nextInt(8), random.nextInt(8) == 0, types);
    }

    LaneSettings settings() {
        MostBlocked most = new MostBlocked(mostBlocked, (long) mostBlocked * PLACE_BYTES);
        return new LaneSettings("main", concurrency, most, ModelBreaker.SETTINGS, this::of, paused);
    }

    TypeSettings of(String type) {
        return Objects.requireNonNull(types.get(type));
    }

    private static OptionalInt concurrency(Random random) {
        return random.nextBoolean() ? OptionalInt.of(4 + random.nextInt(8)) : NONE;
    }

    private static String poolOf(String type, Random random) {
        List<String> names = new ArrayList<>(List.of(type, LOW.name(), PACED));
        names.add(Objects.requireNonNull(POOLS.get(type)).name());
        return names.get(random.nextInt(names.size()));
    }

    private static PoolSettings anyPool(String name, Random random) {
        OptionalDouble rate = name.equals(PACED) ? RATES.get(random.nextInt(RATES.size())) : NO_RATE;
        FinerLimits finer = new FinerLimits(anyLimit(random), anyLimit(random), rate);
        return new PoolSettings(
                name, 1 + random.nextInt(7), (1 + random.nextInt(10)) / 10.0, random.nextInt(3) - 1, finer);
    }

    private static OptionalInt anyLimit(Random random) {
        return random.nextBoolean() ? NONE : OptionalInt.of(1 + random.nextInt(3));
    }

    private static TypeSettings type(PoolSettings pool, boolean paused) {
        return new TypeSettings(pool, Duration.ofHours(1), ModelBreaker.SETTINGS, paused);
    }

    private static PoolSettings pool(
            String name, int concurrency, double maxShare, OptionalInt perSection, OptionalInt perWiki) {
        return new PoolSettings(name, concurrency, maxShare, 0, new FinerLimits(perSection, perWiki, NO_RATE));
    }
}
