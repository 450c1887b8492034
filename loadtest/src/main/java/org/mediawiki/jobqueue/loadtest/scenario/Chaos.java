package org.mediawiki.jobqueue.loadtest.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.mediawiki.jobqueue.changeprop.config.DataSize;

/**
 * Scenarios of misfortunes drawn at random: three brokers, three instances, a mixed load, and every few seconds something
 * that breaks or is changed. The same seed and length give the same scenario. Whatever happens, nothing may be lost, no limit be
 * exceeded, nothing run twice but what was in flight where a process was cut, nothing begin before its time, no outage cost
 * attempts, no process end by itself, every record be accounted for, and memory stay bounded. A longer run has calms, in which slots
 * must be used, turns be fair, and what waits start on time.
 */
public final class Chaos {

    static final int INSTANCES = 3;
    static final int BROKERS = 3;
    static final Duration QUIET_AT_LAST = Duration.ofSeconds(15);

    private static final Duration QUIET_AT_FIRST = Duration.ofSeconds(5);

    /** An instance that was just started takes part by then, and what came meanwhile is done. */
    private static final Duration SETTLES = Duration.ofSeconds(30);

    private static final Duration CALM = SETTLES.plusSeconds(15);
    private static final Duration CROWD_AFTER = SETTLES.plusSeconds(2);

    /** A commit waits while the broker that keeps it is replaced; what it would have said is not known then. */
    private static final Duration WINDOW = Duration.ofSeconds(1);

    /** Of all instances, each with a heap of 256 MB. */
    private static final DataSize MEMORY = DataSize.ofMebibytes(INSTANCES * 512);

    private Chaos() {}

    /** {@code length} is for how long jobs come; at least half a minute. */
    public static Scenario of(long seed, Duration length) {
        if (length.compareTo(QUIET_AT_FIRST.plus(QUIET_AT_LAST).plusSeconds(10)) < 0) {
            throw new IllegalArgumentException("chaos needs 30 s at least, not " + length);
        }
        Random random = new Random(seed);
        Misfortunes misfortunes =
                Misfortunes.between(QUIET_AT_FIRST, length.minus(QUIET_AT_LAST), length, CALM, random);
        List<Duration> crowds =
                misfortunes.calms().stream().map(calm -> calm.plus(CROWD_AFTER)).toList();
        ChaosLoad load = new ChaosLoad(random, QUIET_AT_FIRST, length);
        return new Scenario(
                "Chaos from the seed " + seed + ", for " + length.toSeconds() + " s.",
                BROKERS,
                new Scenario.RunnerSpec(true, 1, ChaosLoad.rules()),
                new Scenario.DispatcherSpec(INSTANCES, load.limits(), Duration.ofMinutes(2), settings()),
                load.streams(crowds),
                new Scenario.WarmUp(0, QUIET_AT_FIRST),
                length,
                Duration.ofMinutes(3),
                misfortunes.events(),
                Expectations.amidMisfortunes(WINDOW, MEMORY, crowds.isEmpty() ? null : SETTLES));
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
        settings.putObject("lanes").putObject("main").putObject("low_traffic").put("concurrency", ChaosLoad.POOL);
        // So that every instance's scheduler has something to lose.
        settings.putObject("kafka").putObject("own_topics").put("partitions", INSTANCES);
        return settings;
    }
}
