package org.mediawiki.jobqueue.loadtest.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.SoftAssertions.assertSoftly;
import static org.awaitility.Awaitility.await;
import static org.mediawiki.jobqueue.loadtest.standin.Behaviour.ok;
import static org.mediawiki.jobqueue.loadtest.standin.JobMatch.any;
import static org.mediawiki.jobqueue.loadtest.standin.JobMatch.type;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mediawiki.jobqueue.loadtest.generate.JobEvent;
import org.mediawiki.jobqueue.loadtest.generate.JobEvents;
import org.mediawiki.jobqueue.loadtest.generate.JobShape;
import org.mediawiki.jobqueue.loadtest.standin.Outcome;
import org.mediawiki.jobqueue.loadtest.standin.RecordedRequest;
import org.mediawiki.jobqueue.loadtest.standin.RequestLedger;
import org.mediawiki.jobqueue.loadtest.standin.RequestLedger.Detail;
import org.mediawiki.jobqueue.loadtest.standin.StandInOptions;

/**
 * SPEC guarantees 1 to 3 across instances that are processes of their own, while they come, go, die and stand still. With
 * {@code -Djobqueue.soak=true} in the sizes that the guarantees are told in.
 */
final class FleetIT {

    private static final boolean SOAK = Boolean.getBoolean("jobqueue.soak");

    /**
     * What may run again had ended so shortly before its instance died or stood still, at the most: 100 ms are promised, as KillIT
     * asks of one process; here four cold ones share two cores, and an end is heard of late.
     */
    private static final Duration WINDOW = Duration.ofMillis(250);

    private static final Duration SESSION_TIMEOUT = Duration.ofSeconds(6);

    /** Long enough that the group goes on without the one that stands still. */
    private static final Duration FROZEN = SOAK ? Duration.ofSeconds(90) : SESSION_TIMEOUT.plusSeconds(4);

    private static final Duration PATIENCE = Duration.ofSeconds(SOAK ? 300 : 60);
    private static final int SIGTERM_EXIT = 143;

    @TempDir
    private Path folder;

    private final TestBed bed = new TestBed(StandInOptions.defaults().withDetail(Detail.HASHES));
    private final RequestLedger ledger = bed.runner().ledger();
    private final List<Accident> accidents = new ArrayList<>();
    private final List<Member> members = new ArrayList<>();
    private int names;

    /** An instance. */
    private record Member(String name, ServiceProcess process) {}

    /**
     * An instance died or stood still.
     *
     * @param atNanos when that was asked for
     * @param overNanos when it went on; never, where it died
     */
    private record Accident(String name, long atNanos, long overNanos) {

        private static final long NEVER = Long.MAX_VALUE;

        Accident overAt(long nanos) {
            return new Accident(name, atNanos, nanos);
        }

        /**
         * Whether this may be why {@code run} was not known to have ended. What the runner read of it until it went on was on the
         * wire before: it could write nothing meanwhile.
         */
        boolean touches(RecordedRequest run) {
            boolean wasInFlight = run.span().startNanos() < overNanos
                    && run.span().endNanos().orElse(Long.MAX_VALUE) >= atNanos - WINDOW.toNanos();
            return authorOf(run).equals(name) && (wasInFlight || wasOnItsWay(run));
        }

        /** Written before, read by the runner when its sender went on, which hung up at once. */
        private boolean wasOnItsWay(RecordedRequest run) {
            long sinceOver = run.span().startNanos() - overNanos;
            return sinceOver >= 0
                    && sinceOver < Duration.ofSeconds(1).toNanos()
                    && run.ending().outcome() == Outcome.GONE;
        }
    }

    @AfterEach
    void close() {
        members.forEach(member -> member.process().close());
        bed.close();
    }

    @Alone
    @Test
    void aFleetKeepsItsLimitsLosesNothingAndRepeatsNothingWhateverBecomesOfItsInstances() {
        FleetLoad load = new FleetLoad(bed, SOAK ? 60 : 10);
        String lane = "main:\n  target: mw-jobrunner\n  retry: {delay: 1s}\n  jobs:\n" + load.jobs();
        try (load) {
            load.begin();
            Member first = start(lane, "60s");
            awaitWorking(first);
            Member second = start(lane, "60s");
            Member third = start(lane, "60s");
            awaitWorking(second);
            awaitWorking(third);

            terminate(third);
            third = start(lane, "60s");
            awaitWorking(third);
            if (SOAK) {
                first = restart(first, lane);
                second = restart(second, lane);
                third = restart(third, lane);
            }

            accident(second, second.process()::kill);
            Member fourth = start(lane, "60s");
            awaitWorking(fourth);

            accident(third, third.process()::freeze);
            letPass(FROZEN);
            Accident standstill = accidents.remove(accidents.size() - 1);
            accidents.add(standstill.overAt(ledger.nowNanos()));
            third.process().thaw();
            awaitWorking(third);
        }
        awaitAllDone(load.ids());

        assertSoftly(all -> {
            all.assertThat(ledger.notDone(load.ids())).as("lost").isEmpty();
            all.assertThat(exceeded(load.limits())).as("limits exceeded").isEmpty();
            all.assertThat(repeatedWithoutCause())
                    .as(() -> "repeated without cause; accidents " + accidents + ":\n" + whatMembersSay())
                    .isEmpty();
        });
        System.out.println(ledger.count() + " attempts of " + load.ids().size() + " jobs by " + attemptsByMember()
                + "; in flight at an accident or just before: "
                + accidents.stream().map(this::touchedBy).toList());
    }

    @Test
    void jobsLongerThanTheDrainTimeoutGoOnWhereTheyRunWhenTheirPartitionsGoElsewhere() {
        String lane = IntStream.range(0, 6)
                .mapToObj(i -> "    type" + i + ": {concurrency: 3}\n")
                .collect(Collectors.joining("", "main:\n  target: mw-jobrunner\n  jobs:\n", ""));
        String[] types = IntStream.range(0, 6).mapToObj(i -> "type" + i).toArray(String[]::new);
        Map<String, Integer> limits = Arrays.stream(types).collect(Collectors.toMap(type -> type, type -> 3));
        bed.createTopics(types);
        // Longer than it takes two instances to start.
        bed.runner().on(any()).answer(ok().after(Duration.ofSeconds(20)));
        JobEvents events = new JobEvents(31, Clock.systemUTC());
        Set<String> ids = new HashSet<>(produce(events, types, 12));
        Member first = start(lane, "1s");
        ledger.awaitRequests(3 * types.length, PATIENCE);

        Member second = start(lane, "1s");
        Member third = start(lane, "1s");
        awaitOwning(second);
        awaitOwning(third);
        bed.runner().on(any()).answer(ok().after(Duration.ofSeconds(SOAK ? 20 : 1)));
        ids.addAll(produce(events, types, 6));
        awaitAllDone(ids);

        assertThat(first.process().log()).contains("count for whoever has their partitions next");
        assertThat(ledger.ranMoreThanOnce()).as("ran twice").isEmpty();
        assertThat(exceeded(limits)).as("limits exceeded").isEmpty();
        assertThat(attemptsByMember().keySet()).containsExactlyInAnyOrder("m1", "m2", "m3");
    }

    /** The offsets that it could not commit any more are those of jobs that its notes say are done. */
    @Test
    void whatEndsAfterItsInstanceHasLeftTheGroupIsKnownToTheNext() {
        String lane = "main: {target: mw-jobrunner, jobs: {slow: {concurrency: 5}}}";
        bed.createTopics("slow");
        bed.runner().on(type("slow")).answer(ok().after(Duration.ofSeconds(4)));
        List<JobEvent> jobs = new JobEvents(37, Clock.systemUTC()).next(12, JobShape.of("slow"));
        bed.produce(jobs);
        Member first = start(lane, "30s");
        ledger.awaitRequests(5, PATIENCE);

        terminate(first);

        assertThat(ledger.count()).isEqualTo(5);
        assertThat(ledger.inFlight()).isZero();
        Member second = start(lane, "30s");
        Set<String> ids = jobs.stream().map(JobEvent::id).collect(Collectors.toSet());
        awaitAllDone(ids);
        bed.awaitCommitted(bed.group(), List.of(bed.topic("slow")));
        assertThat(ledger.ranMoreThanOnce()).isEmpty();
        assertThat(second.process().log()).contains("were begun by its last owner");
    }

    /** Nothing is committed from when the group begins to rebalance until its slowest member has joined. */
    @Alone
    @Test
    void whatEndsWhileARebalanceLastsIsNotRepeatedWhenItsInstanceIsKilled() {
        String[] types = {"one", "two", "three", "four"};
        String lane = "main: {target: mw-jobrunner, jobs: {one: {concurrency: 5}, two: {concurrency: 5},"
                + " three: {concurrency: 5}, four: {concurrency: 5}}}";
        bed.createTopics(types);
        bed.runner().on(any()).answer(ok().after(Duration.ofMillis(100)));
        Set<String> ids = produce(new JobEvents(43, Clock.systemUTC()), types, 900);
        Member first = start(lane, "60s");
        Member second = start(lane, "60s");
        awaitWorking(first);
        awaitWorking(second);

        Member third = start(lane, "60s");
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> third.process().log().contains("Running lanes"));
        long begin = ledger.nowNanos();
        accident(second, second.process()::freeze);
        letPass(SESSION_TIMEOUT.minusSeconds(2));
        accident(first, first.process()::kill);
        accident(second, second.process()::kill);
        awaitAllDone(ids);

        long endedMeanwhile = ledger.requests().stream()
                .filter(run -> authorOf(run).equals(first.name()))
                .filter(run -> run.span().endNanos().orElse(0)
                        > begin + Duration.ofSeconds(1).toNanos())
                .count();
        assertThat(endedMeanwhile).as("the promise was attacked").isGreaterThan(50);
        assertThat(repeatedWithoutCause())
                .as(() -> "repeated without cause; accidents " + accidents + ":\n" + whatMembersSay())
                .isEmpty();
    }

    @Alone
    @Test
    void aRollingRestartStopsNoPartitionForLong() {
        int count = SOAK ? 30 : 9;
        String[] types = IntStream.range(0, count).mapToObj(i -> "type" + i).toArray(String[]::new);
        bed.createTopics(types);
        bed.runner().on(any()).answer(ok().after(Duration.ofMillis(200)));
        String lane = Arrays.stream(types)
                .map(type -> "    " + type + ": {concurrency: 2}\n")
                .collect(Collectors.joining("", "main:\n  target: mw-jobrunner\n  jobs:\n", ""));
        JobEvents events = new JobEvents(41, Clock.systemUTC());
        // Ten a second are done of each: enough work for the whole test.
        Arrays.stream(types).forEach(type -> bed.produce(events.next(SOAK ? 3_000 : 1_200, JobShape.of(type))));
        Member first = start(lane, "30s");
        awaitWorking(first);
        Member second = start(lane, "30s");
        Member third = start(lane, "30s");
        awaitWorking(second);
        awaitWorking(third);

        long begin = ledger.nowNanos();
        List<Long> restarts = new ArrayList<>();
        for (Member member : SOAK ? List.of(first, second, third) : List.of(second)) {
            restarts.add(ledger.nowNanos());
            restart(member, lane);
        }
        long end = ledger.nowNanos();

        List<Long> gaps = longestGaps(types, begin, end, restarts);
        Duration p50 = Duration.ofNanos(gaps.get(gaps.size() / 2));
        Duration p99 = Duration.ofNanos(gaps.get(gaps.size() * 99 / 100));
        System.out.println("time without a start of " + count + " partitions in " + restarts.size() + " restarts: p50 "
                + p50 + ", p99 " + p99 + ", longest " + Duration.ofNanos(gaps.get(gaps.size() - 1)));
        assertThat(ledger.ranMoreThanOnce()).isEmpty();
        assertThat(p99).isLessThanOrEqualTo(Duration.ofSeconds(3));
    }

    private Member start(String lane, String drainTimeout) {
        String name = "m" + ++names;
        Setup setup = Setup.lanes(lane)
                .withTarget("timeout: 60s, user_agent: " + name)
                .withKafka("consumer: {session.timeout.ms: " + SESSION_TIMEOUT.toMillis()
                        + ", heartbeat.interval.ms: 500}")
                .withKeys("drain_timeout: " + drainTimeout);
        Member member = new Member(name, ServiceProcess.start(folder, bed.yaml(setup)));
        members.add(member);
        return member;
    }

    /** Stops one and starts another in its place. */
    private Member restart(Member member, String lane) {
        terminate(member);
        Member next = start(lane, "60s");
        awaitWorking(next);
        return next;
    }

    private void terminate(Member member) {
        member.process().terminate();
        assertThat(member.process().awaitExit(PATIENCE)).isEqualTo(SIGTERM_EXIT);
    }

    private void accident(Member member, Runnable what) {
        long begin = ledger.nowNanos();
        what.run();
        accidents.add(new Accident(member.name(), begin, Accident.NEVER));
    }

    /** Waits until it has started a job from now on. */
    private void awaitWorking(Member member) {
        long now = ledger.nowNanos();
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(100))
                .conditionEvaluationListener(null)
                .untilAsserted(() -> assertThat(ledger.requests())
                        .as(() -> "no job is started by " + member.name() + ":\n" + whatMembersSay())
                        .anyMatch(request -> authorOf(request).equals(member.name())
                                && request.span().startNanos() > now));
    }

    private static void awaitOwning(Member member) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(member.process().log()).contains("Owning "));
    }

    private Set<String> produce(JobEvents events, String[] types, int ofEach) {
        Set<String> ids = new HashSet<>();
        for (String type : types) {
            List<JobEvent> jobs = events.next(ofEach, JobShape.of(type));
            jobs.forEach(job -> ids.add(job.id()));
            bed.produce(jobs);
        }
        return ids;
    }

    private static void letPass(Duration time) {
        await().pollDelay(time).atMost(time.plusSeconds(10)).until(() -> true);
    }

    private void awaitAllDone(Set<String> ids) {
        await().atMost(PATIENCE.multipliedBy(2))
                .pollInterval(Duration.ofMillis(200))
                .untilAsserted(() -> assertThat(ledger.notDone(ids).size())
                        .as(() -> "not done, after " + ledger.count() + " attempts:\n" + whatMembersSay())
                        .isZero());
        await().atMost(PATIENCE).until(() -> ledger.inFlight() == 0);
    }

    private String whatMembersSay() {
        return members.stream()
                .map(member -> member.name() + ":\n"
                        + member.process()
                                .log()
                                .lines()
                                .filter(line -> line.contains("jobqueue.changeprop") || line.contains("o.m.j."))
                                .collect(Collectors.joining("\n")))
                .collect(Collectors.joining("\n\n"));
    }

    /** A run that was answered with a failure is followed by its retry; any other by nothing, but for an accident. */
    private List<String> repeatedWithoutCause() {
        Set<String> repeated = ledger.ranMoreThanOnce();
        Map<String, List<RecordedRequest>> runs = ledger.requests().stream()
                .filter(request -> repeated.contains(request.job().event().id()))
                .collect(Collectors.groupingBy(request -> request.job().event().id()));
        List<String> found = new ArrayList<>();
        runs.forEach((id, requests) -> {
            boolean touched = requests.stream().anyMatch(this::isTouched);
            List<RecordedRequest> followed = requests.subList(0, requests.size() - 1);
            if (!touched && followed.stream().anyMatch(run -> run.ending().status() != 500)) {
                found.add(id + requests.stream().map(FleetIT::briefly).toList());
            }
        });
        return found;
    }

    private static String briefly(RecordedRequest run) {
        return run.job().event().type() + " by " + authorOf(run) + " " + run.span() + " " + run.ending();
    }

    private boolean isTouched(RecordedRequest run) {
        return accidents.stream().anyMatch(accident -> accident.touches(run));
    }

    private long touchedBy(Accident accident) {
        return ledger.requests().stream().filter(accident::touches).count();
    }

    /**
     * The types of which more ran at once than may, and how many. What was in flight at an accident counts up to that
     * moment only.
     */
    private Map<String, Integer> exceeded(Map<String, Integer> limits) {
        Map<String, Integer> exceeded = new TreeMap<>();
        Map<String, List<RecordedRequest>> byType = ledger.requests().stream()
                .collect(Collectors.groupingBy(request -> request.job().event().type()));
        byType.forEach((type, requests) -> {
            int most = mostAtOnce(requests);
            if (most > limits.getOrDefault(type, 0)) {
                exceeded.put(type, most);
            }
        });
        return exceeded;
    }

    private int mostAtOnce(Collection<RecordedRequest> requests) {
        record Change(long atNanos, int by) {}
        List<Change> changes = requests.stream()
                .flatMap(run -> Stream.of(new Change(run.span().startNanos(), 1), new Change(endOf(run), -1)))
                .sorted((a, b) -> a.atNanos() != b.atNanos()
                        ? Long.compare(a.atNanos(), b.atNanos())
                        : Integer.compare(a.by(), b.by()))
                .toList();
        int running = 0;
        int most = 0;
        for (Change change : changes) {
            running += change.by();
            most = Math.max(most, running);
        }
        return most;
    }

    private long endOf(RecordedRequest run) {
        long end = run.span().endNanos().orElse(Long.MAX_VALUE);
        return accidents.stream()
                .filter(accident -> accident.touches(run))
                .mapToLong(Accident::atNanos)
                .map(at -> Math.max(run.span().startNanos(), Math.min(at, end)))
                .findFirst()
                .orElse(end);
    }

    private Map<String, Long> attemptsByMember() {
        return ledger.requests().stream()
                .collect(Collectors.groupingBy(FleetIT::authorOf, TreeMap::new, Collectors.counting()));
    }

    /** For each type and each restart the longest time between two starts, sorted. */
    private List<Long> longestGaps(String[] types, long begin, long end, List<Long> restarts) {
        Map<String, long[]> starts = ledger.requests().stream()
                .collect(Collectors.groupingBy(
                        request -> request.job().event().type(),
                        Collectors.collectingAndThen(
                                Collectors.toList(),
                                requests -> requests.stream()
                                        .mapToLong(request -> request.span().startNanos())
                                        .sorted()
                                        .toArray())));
        List<Long> longest = new ArrayList<>();
        for (String type : types) {
            for (int i = 0; i < restarts.size(); i++) {
                long from = i == 0 ? begin : restarts.get(i);
                long to = i + 1 < restarts.size() ? restarts.get(i + 1) : end;
                longest.add(longestGap(starts.getOrDefault(type, new long[0]), from, to));
            }
        }
        longest.sort(null);
        return longest;
    }

    private static long longestGap(long[] starts, long from, long to) {
        long longest = 0;
        long last = from;
        for (long start : starts) {
            if (start >= from && start <= to) {
                longest = Math.max(longest, start - last);
                last = start;
            }
        }
        return Math.max(longest, to - last);
    }

    private static String authorOf(RecordedRequest request) {
        return request.wire().headers().getOrDefault("user-agent", "");
    }
}
