package org.mediawiki.jobqueue.loadtest.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mediawiki.jobqueue.loadtest.standin.Behaviour.ok;
import static org.mediawiki.jobqueue.loadtest.standin.JobMatch.type;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mediawiki.jobqueue.changeprop.app.Service;
import org.mediawiki.jobqueue.changeprop.control.Knob;
import org.mediawiki.jobqueue.changeprop.control.Knob.Kind;
import org.mediawiki.jobqueue.changeprop.control.OperatorOverride;
import org.mediawiki.jobqueue.loadtest.generate.JobEvent;
import org.mediawiki.jobqueue.loadtest.generate.JobEvents;
import org.mediawiki.jobqueue.loadtest.generate.JobShape;
import org.mediawiki.jobqueue.loadtest.standin.RequestLedger;
import org.mediawiki.jobqueue.loadtest.standin.RequestLedger.Detail;
import org.mediawiki.jobqueue.loadtest.standin.StandInOptions;

/** Operators change what holds, from one instance for all of them, which are processes of their own. */
@Alone
final class OverridesIT {

    private static final boolean SOAK = Boolean.getBoolean("jobqueue.soak");
    private static final int INSTANCES = SOAK ? 3 : 2;

    /** So soon a change is kept by everybody, from the moment when it was acknowledged. */
    private static final Duration PROMISE = Duration.ofSeconds(1);

    /** Long beside the time from an end to the next start, so that whoever looks now and then sees a limit that is used. */
    private static final Duration LATENCY = Duration.ofMillis(400);

    private static final List<String> TYPES = List.of("cdnPurge", "refreshLinks", "htmlCacheUpdate", "recentChanges");
    private static final String BUSY = "refreshLinks";

    @TempDir
    private Path folder;

    private final TestBed bed = new TestBed(StandInOptions.defaults().withDetail(Detail.LIGHT));
    private final JobEvents events = new JobEvents(37, Clock.systemUTC());
    private final RequestLedger ledger = bed.runner().ledger();
    private final List<ServiceProcess> processes = new ArrayList<>();

    @AfterEach
    void stop() {
        processes.forEach(ServiceProcess::close);
        bed.close();
    }

    @Test
    void aLimitChangedOnOneInstanceIsKeptByAllEndsWhenItSaysAndSurvivesARestart() {
        Setup setup = Setup.lanes("main: {target: mw-jobrunner, jobs: {"
                + TYPES.stream().map(type -> type + ": {concurrency: 8}").collect(Collectors.joining(", ")) + "}}");
        TYPES.forEach(type -> bed.runner().on(type(type)).answer(ok().after(LATENCY)));
        bed.createTopics(TYPES.toArray(new String[0]));
        startInstances(setup);
        Service one = bed.start(setup);
        TYPES.forEach(type -> bed.produce(events.next(SOAK ? 2_000 : 700, JobShape.of(type))));
        awaitUnderWay(8);

        Instant until = Instant.now().plusSeconds(10);
        TYPES.forEach(type -> set(one, Kind.TYPE_CONCURRENCY, type, "2", Optional.of(until)));
        long acknowledged = ledger.nowNanos();
        long promised = acknowledged + PROMISE.toNanos();
        long ends = ledger.nowNanos() + Duration.between(Instant.now(), until).toNanos();

        awaitUnderWay(2);
        awaitUnderWay(8);
        assertThat(ledger.nowNanos()).as("until it says, and not before").isGreaterThan(ends);
        long kept = promised + bed.stoodStill(acknowledged, promised).toNanos();
        TYPES.forEach(type -> {
            assertThat(most(type, kept, ends)).as(type).isEqualTo(2);
            assertThat(ledger.maxSimultaneous(type)).as(type).isLessThanOrEqualTo(8);
        });

        TYPES.forEach(type -> set(one, Kind.TYPE_CONCURRENCY, type, "3", Optional.empty()));
        processes.forEach(ServiceProcess::terminate);
        processes.forEach(process -> process.awaitExit(TestBed.PATIENCE));
        processes.clear();
        bed.stop(one);
        long restarted = ledger.nowNanos();
        TYPES.forEach(type -> bed.produce(events.next(200, JobShape.of(type))));
        startInstances(setup);
        awaitUnderWay(3);
        int seen = ledger.count();
        ledger.awaitRequests(seen + 3 * 3 * TYPES.size(), TestBed.PATIENCE);
        TYPES.forEach(type -> assertThat(most(type, restarted, Long.MAX_VALUE))
                .as(() -> type + "\n" + whatProcessesSay())
                .isEqualTo(3));
    }

    /** In and out of the shared pool, by an override and by the file, while the pools move between two instances. */
    @Test
    void aTypeThatIsIsolatedUnderABacklogIsNeitherSkippedNorRunTwice() {
        Setup shared = Setup.lanes("main: {target: mw-jobrunner, low_traffic: {concurrency: 10, max_share: 1}}");
        Setup isolated =
                Setup.lanes("main: {target: mw-jobrunner, low_traffic: {concurrency: 10, max_share: 1}, jobs: {" + BUSY
                        + ": {concurrency: 20}}}");
        bed.runner().on(type(BUSY)).answer(ok().after(Duration.ofMillis(10)));
        bed.createTopics(TYPES.toArray(new String[0]));
        List<JobEvent> backlog = events.next(SOAK ? 50_000 : 5_000, JobShape.of(BUSY));
        List<JobEvent> others = new ArrayList<>();
        TYPES.stream()
                .filter(type -> !type.equals(BUSY))
                .forEach(type -> others.addAll(events.next(200, JobShape.of(type))));
        bed.produce(backlog);
        bed.produce(others);
        startInstances(shared);
        Service one = bed.start(shared);

        awaitDone(backlog.size() / 5);
        set(one, Kind.TYPE_CONCURRENCY, BUSY, "30", Optional.empty());
        awaitDone(backlog.size() * 2 / 5);
        assertThat(ledger.maxSimultaneous(BUSY)).as("isolated").isGreaterThan(10);
        processes.forEach(process -> process.configure(bed.yaml(isolated)));
        one.control()
                .clear(new Knob(Kind.TYPE_CONCURRENCY, BUSY), "test", "it is in the file")
                .join();
        awaitDone(backlog.size() * 3 / 5);
        processes.forEach(process -> process.configure(bed.yaml(shared)));

        awaitDone(backlog.size());
        assertThat(ledger.notDone(ids(backlog))).as("skipped").isEmpty();
        await().atMost(TestBed.PATIENCE)
                .untilAsserted(() -> assertThat(ledger.notDone(ids(others)))
                        .as("others skipped")
                        .isEmpty());
        assertThat(ledger.ranMoreThanOnce()).as("twice").isEmpty();
    }

    @Test
    void aPausedTypeAndAPausedLaneWaitAndHinderNobody() {
        Setup setup = Setup.lanes("""
                main: {target: mw-jobrunner, low_traffic: {}}
                slow: {target: mw-jobrunner, jobs: {webVideoTranscode: {concurrency: 2}}}
                """);
        bed.createTopics(BUSY, "cdnPurge", "webVideoTranscode");
        Service one = bed.start(setup);
        set(one, Kind.TYPE_PAUSED, BUSY, "true", Optional.empty());
        set(one, Kind.LANE_PAUSED, "slow", "true", Optional.empty());
        await().atMost(TestBed.PATIENCE).until(() -> bed.scrape(one).sum("jobqueue_overrides") == 2);
        List<JobEvent> paused = events.next(20, JobShape.of(BUSY));
        List<JobEvent> video = events.next(4, JobShape.of("webVideoTranscode"));
        bed.produce(paused);
        bed.produce(video);
        bed.produce(events.next(20, JobShape.of("cdnPurge")));
        bed.awaitEnded("cdnPurge", 20);
        assertThat(ledger.count(BUSY)).isZero();
        assertThat(ledger.count("webVideoTranscode")).isZero();
        await().atMost(TestBed.PATIENCE)
                .untilAsserted(() -> assertThat(paused(one)).containsExactly(1.0, 0.0, 1.0, 0.0));

        one.control()
                .clear(new Knob(Kind.TYPE_PAUSED, BUSY), "test", "it is over")
                .join();
        bed.awaitEnded(BUSY, paused.size());
        assertThat(ledger.count("webVideoTranscode")).isZero();
        one.control()
                .clear(new Knob(Kind.LANE_PAUSED, "slow"), "test", "it is over")
                .join();
        bed.awaitEnded("webVideoTranscode", video.size());
        assertThat(one.control().list()).isEmpty();
        assertThat(paused(one)).containsExactly(0.0, 0.0, 0.0, 0.0);
    }

    /** What alerts know of it: of the type that is paused, of one that is not, and of the lanes likewise. */
    private List<Double> paused(Service service) {
        Scrape scrape = bed.scrape(service);
        return List.of(
                scrape.sum("jobqueue_type_paused", "type=\"" + BUSY + "\""),
                scrape.sum("jobqueue_type_paused", "type=\"cdnPurge\""),
                scrape.sum("jobqueue_lane_paused", "lane=\"slow\""),
                scrape.sum("jobqueue_lane_paused", "lane=\"main\""));
    }

    private String whatProcessesSay() {
        return processes.stream().map(ServiceProcess::log).collect(Collectors.joining("\n\n"));
    }

    private void startInstances(Setup setup) {
        for (int i = 0; i < INSTANCES; i++) {
            processes.add(ServiceProcess.start(folder, bed.yaml(setup)));
        }
    }

    private static void set(Service service, Kind kind, String name, String value, Optional<Instant> until) {
        service.control()
                .set(new OperatorOverride(new Knob(kind, name), value, "test", "to see it", Instant.now(), until))
                .orTimeout(TestBed.PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .join();
    }

    private void awaitDone(int count) {
        bed.awaitEnded(BUSY, count);
    }

    /** Waits until so many of each type are under way. */
    private void awaitUnderWay(int count) {
        await().atMost(TestBed.PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .untilAsserted(() -> assertThat(TYPES)
                        .allSatisfy(type -> assertThat(underWay(type)).isEqualTo(count)));
    }

    private int underWay(String type) {
        int[] open = new int[1];
        ledger.forEach(
                (sent, start, end, ending) -> open[0] += sent.type().equals(type) && end == Long.MAX_VALUE ? 1 : 0);
        return open[0];
    }

    /** The most that were under way at once when one of them began in that time. */
    private int most(String type, long fromNanos, long toNanos) {
        List<long[]> spans = new ArrayList<>();
        ledger.forEach((sent, start, end, ending) -> {
            if (sent.type().equals(type)) {
                spans.add(new long[] {start, end});
            }
        });
        return spans.stream()
                .filter(span -> span[0] >= fromNanos && span[0] < toNanos)
                .mapToInt(span -> (int) spans.stream()
                        .filter(other -> other[0] <= span[0] && other[1] > span[0])
                        .count())
                .max()
                .orElse(0);
    }

    private static Set<String> ids(List<JobEvent> jobs) {
        return jobs.stream().map(JobEvent::id).collect(Collectors.toSet());
    }
}
