package org.mediawiki.jobqueue.loadtest.scenario;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.mediawiki.jobqueue.changeprop.config.Rate;

/**
 * One load test.
 *
 * @param about one line that says what it shows
 * @param brokers how many Kafka brokers, 1 to 3 (default 1)
 * @param runner how the stand-in runner behaves
 * @param dispatcher whom it is done to
 * @param load which jobs come, all at the same time
 * @param warmUp what is not measured
 * @param length for how long it goes on where nothing is produced for longer (default: as long as the load)
 * @param drain how long the rest may take after the last job was produced (default 60 s)
 * @param events what happens meanwhile: each begins before the load is over, and ends then, or 1 s later, at the latest
 * @param expect what must hold in the end
 */
public record Scenario(
        @JsonProperty(required = true) String about,
        int brokers,
        RunnerSpec runner,
        DispatcherSpec dispatcher,
        List<LoadSpec> load,
        WarmUp warmUp,
        Duration length,
        Duration drain,
        List<EventSpec> events,
        Expectations expect) {

    private static final Duration DEFAULT_DRAIN = Duration.ofSeconds(60);

    /** What lasts a little longer than the load may. */
    private static final Duration EVENTS_END_WITHIN = Duration.ofSeconds(1);

    public Scenario {
        brokers = brokers == 0 ? 1 : brokers;
        runner = orElse(runner, RunnerSpec.DEFAULT);
        dispatcher = orElse(dispatcher, DispatcherSpec.DEFAULT);
        load = List.copyOf(orElse(load, List.of()));
        warmUp = orElse(warmUp, WarmUp.NONE);
        length = orElse(length, Duration.ZERO);
        drain = orElse(drain, DEFAULT_DRAIN);
        events = List.copyOf(orElse(events, List.of()));
        expect = orElse(expect, Expectations.DEFAULT);
        if (expect.oncePerId() && !load.stream().allMatch(LoadSpec::repeatsOnlyWhatWasDue)) {
            throw new IllegalArgumentException(
                    "once_per_id needs duplicates_after beside duplicates, longer than delay_up_to:"
                            + " a job that comes again while it runs runs twice");
        }
        Duration end = loadLength(load, length);
        for (EventSpec event : events) {
            if (event.at().compareTo(end) >= 0
                    || event.end().minus(EVENTS_END_WITHIN).compareTo(end) > 0) {
                throw new IllegalArgumentException("an event is over after " + event.end() + ", the load after " + end
                        + ": it would not happen; give the scenario a longer length");
            }
        }
    }

    /**
     * How the stand-in runner is set up.
     *
     * @param http2 whether it offers HTTP/2 (default no: what a bare loop speaks)
     * @param eventLoops its threads (default 1)
     * @param rules how it answers, in the form of the stand-in's own rules; where several match, the last counts
     */
    public record RunnerSpec(boolean http2, int eventLoops, List<JsonNode> rules) {

        static final RunnerSpec DEFAULT = new RunnerSpec(false, 1, List.of());

        public RunnerSpec {
            eventLoops = eventLoops == 0 ? 1 : eventLoops;
            rules = List.copyOf(orElse(rules, List.of()));
        }
    }

    /**
     * What the dispatcher is told. A contender that knows no job types gets the sum of the limits.
     *
     * @param instances processes at the start (default 1)
     * @param jobs limits by job type, in the form of {@code lanes.main.jobs}
     * @param startPatience how long its first jobs may take before streams begin all the same (default 60 s)
     * @param config other keys of the configuration, as they stand in its file; {@code lanes.main.low_traffic} too
     */
    public record DispatcherSpec(int instances, Map<String, JsonNode> jobs, Duration startPatience, JsonNode config) {

        private static final int DEFAULT_CONCURRENCY = 30;
        private static final int DEFAULT_LOW_TRAFFIC = 50;
        private static final Duration DEFAULT_START = Duration.ofSeconds(60);
        static final DispatcherSpec DEFAULT =
                new DispatcherSpec(1, Map.of(), DEFAULT_START, JsonNodeFactory.instance.objectNode());

        public DispatcherSpec {
            startPatience = orElse(startPatience, DEFAULT_START);
            instances = instances == 0 ? 1 : instances;
            jobs = orElse(jobs, Map.of());
            config = config == null || config.isNull() ? JsonNodeFactory.instance.objectNode() : config;
        }

        /** The limit of a job type with an entry of its own. */
        public Optional<Integer> limitOf(String type) {
            return Optional.ofNullable(jobs.get(type))
                    .map(settings -> settings.path("concurrency").asInt(DEFAULT_CONCURRENCY));
        }

        /** How many jobs of a job type with an entry of its own may start in a time; empty where any number may. */
        public Optional<Rate> rateOf(String type) {
            return Optional.ofNullable(jobs.get(type))
                    .map(settings -> settings.get("rate"))
                    .map(rate -> Rate.parse(rate.asText()));
        }

        /** The limit of all job types together that have no entry of their own. */
        public int lowTrafficLimit() {
            return config.at("/lanes/main/low_traffic/concurrency").asInt(DEFAULT_LOW_TRAFFIC);
        }

        /** How many jobs may run at once, at the most. */
        public int sumOfLimits() {
            int sum = jobs.keySet().stream()
                    .mapToInt(type -> limitOf(type).orElse(0))
                    .sum();
            return Math.max(1, sum);
        }
    }

    /**
     * What is not measured: the first jobs, or the first time. A JVM needs both.
     *
     * @param jobs so many requests must have ended
     * @param time so long must jobs have come
     */
    public record WarmUp(long jobs, Duration time) {

        static final WarmUp NONE = new WarmUp(0, Duration.ZERO);

        public WarmUp {
            time = orElse(time, Duration.ZERO);
        }
    }

    /** The job types that come. */
    public List<String> types() {
        return typesOf(load.stream());
    }

    /** Those that come from the beginning on; the topics of the others are created by their first jobs. */
    public List<String> typesAtFirst() {
        return typesOf(load.stream().filter(stream -> stream.after().isZero()));
    }

    /** How long it goes on producing, or waiting for what happens. */
    public Duration loadLength() {
        return loadLength(load, length);
    }

    private static Duration loadLength(List<LoadSpec> load, Duration length) {
        return load.stream().map(LoadSpec::end).reduce(length, (one, other) -> one.compareTo(other) > 0 ? one : other);
    }

    private static List<String> typesOf(Stream<LoadSpec> streams) {
        return streams.flatMap(stream -> stream.types().stream()).distinct().toList();
    }

    private static <T> T orElse(@Nullable T given, T otherwise) {
        return given == null ? otherwise : given;
    }
}
