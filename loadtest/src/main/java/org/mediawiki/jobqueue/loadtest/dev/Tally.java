package org.mediawiki.jobqueue.loadtest.dev;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.summingLong;
import static java.util.stream.Collectors.toList;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the metrics told at one moment.
 *
 * @param types by job type
 * @param verdicts attempts judged, by verdict
 * @param delayed jobs that wait for their time
 */
record Tally(Map<String, TypeTally> types, Map<String, Long> verdicts, long delayed) {

    /** The names of the metrics that a tally is made of begin with this. */
    static final String PREFIX = "jobqueue_";

    static final Tally NOTHING = new Tally(Map.of(), Map.of(), 0);

    /**
     * One job type.
     *
     * @param running attempts under way
     * @param limit the most at once, of all types that share the pool
     * @param waiting jobs that wait for a slot
     * @param done jobs that ran
     * @param retried attempts that failed and are followed by another
     * @param dead jobs given up
     */
    record TypeTally(long running, long limit, long waiting, long done, long retried, long dead) {

        private static TypeTally of(List<Sample> ofType) {
            return new TypeTally(
                    sum(ofType, "jobqueue_slots_in_use"),
                    sum(ofType, "jobqueue_slots_limit"),
                    sum(ofType, "jobqueue_jobs_waiting"),
                    ended(ofType, "done"),
                    ended(ofType, "retried"),
                    ended(ofType, "dead"));
        }
    }

    /** Those samples that nothing here is made of are passed over. */
    static Tally of(List<Sample> samples) {
        Map<String, TypeTally> types = new TreeMap<>();
        samples.stream()
                .filter(sample -> sample.labels().containsKey("type"))
                .collect(groupingBy(sample -> sample.label("type"), toList()))
                .forEach((type, ofType) -> types.put(type, TypeTally.of(ofType)));
        Map<String, Long> verdicts = samples.stream()
                .filter(sample -> sample.name().equals("jobqueue_verdicts_total"))
                .collect(groupingBy(
                        sample -> sample.label("verdict"), TreeMap::new, summingLong(sample -> (long) sample.value())));
        long delayed = sum(samples, "jobqueue_jobs_delayed") + sum(samples, "jobqueue_scheduler_depth");
        return new Tally(types, verdicts, delayed);
    }

    long running() {
        return types.values().stream().mapToLong(TypeTally::running).sum();
    }

    long waiting() {
        return types.values().stream().mapToLong(TypeTally::waiting).sum();
    }

    long done() {
        return types.values().stream().mapToLong(TypeTally::done).sum();
    }

    /** How many jobs of a type ran; 0 where the type was not seen. */
    long done(String type) {
        TypeTally tally = types.get(type);
        return tally == null ? 0 : tally.done();
    }

    private static long sum(List<Sample> samples, String name) {
        return (long) samples.stream()
                .filter(sample -> sample.name().equals(name))
                .mapToDouble(Sample::value)
                .sum();
    }

    private static long ended(List<Sample> samples, String ending) {
        return sum(
                samples.stream()
                        .filter(sample -> sample.label("ending").equals(ending))
                        .toList(),
                "jobqueue_records_ended_total");
    }
}
