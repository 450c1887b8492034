package org.mediawiki.jobqueue.loadtest.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mediawiki.jobqueue.loadtest.standin.Behaviour.ok;
import static org.mediawiki.jobqueue.loadtest.standin.JobMatch.any;
import static org.mediawiki.jobqueue.loadtest.standin.JobMatch.id;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mediawiki.jobqueue.changeprop.app.Service;
import org.mediawiki.jobqueue.loadtest.generate.JobEvent;
import org.mediawiki.jobqueue.loadtest.generate.JobEvents;
import org.mediawiki.jobqueue.loadtest.generate.JobShape;
import org.mediawiki.jobqueue.loadtest.standin.Outcome;
import org.mediawiki.jobqueue.loadtest.standin.RequestLedger;
import org.mediawiki.jobqueue.loadtest.standin.StandInOptions;
import org.mediawiki.jobqueue.loadtest.standin.StandInRunner;

/** The lane of the transcodes, which take hours: it neither disturbs the main lane nor is disturbed by it. */
final class VideoIT {

    private static final String PRIORITIZED = "webVideoTranscodePrioritized";
    private static final String NORMAL = "webVideoTranscode";
    private static final String SHORT = "refreshLinks";
    private static final int LIMIT = 15;
    private static final int SIGTERM_EXIT = 143;

    /** Ten minutes, a hundred times faster. */
    private static final Duration TRANSCODE = Duration.ofSeconds(6);

    /** Longer than the test. */
    private static final Duration FOR_LONG = Duration.ofMinutes(10);

    /** The first transcodes end one after the other, so that it shows who takes each slot. */
    private static final Duration STAGGER = Duration.ofMillis(100);

    /** In every tenth of a second. */
    private static final Map<String, Integer> TRAFFIC = Map.of(SHORT, 20);

    /** What a shared machine may add to a percentile from one moment to the next. */
    private static final Duration NOISE = Duration.ofMillis(300);

    @TempDir
    private Path folder;

    private final JobEvents events = new JobEvents(23, Clock.systemUTC());
    private final TestBed bed = new TestBed();
    private final StandInRunner videoscaler = StandInRunner.start(StandInOptions.defaults());
    private final RequestLedger transcodes = videoscaler.ledger();

    @BeforeEach
    void createTopics() {
        bed.createTopics(PRIORITIZED, NORMAL, SHORT);
    }

    @AfterEach
    void close() {
        bed.close();
        videoscaler.close();
    }

    @Alone
    @Test
    void transcodesKeepTheirLimitPrioritizedOnesGoFirstAndTheMainLaneDoesNotNotice() {
        List<JobEvent> first = events.next(LIMIT, JobShape.of(NORMAL));
        videoscaler.on(any()).answer(ok().after(TRANSCODE));
        for (int i = 0; i < first.size(); i++) {
            Duration takes = TRANSCODE.plus(STAGGER.multipliedBy(i));
            videoscaler.on(id(first.get(i).id())).answer(ok().after(takes));
        }
        RequestLedger shortJobs = bed.runner().ledger();
        bed.runner().on(any()).answer(ok().after(Duration.ofMillis(20)));
        Service service = bed.start(setup("30s"));
        long warm;
        long begin;
        long end;
        SteadyTraffic traffic = new SteadyTraffic(bed, TRAFFIC);
        try (traffic) {
            shortJobs.awaitRequests(500, TestBed.PATIENCE);
            warm = shortJobs.nowNanos();
            shortJobs.awaitRequests(shortJobs.count() + 600, TestBed.PATIENCE);
            begin = shortJobs.nowNanos();
            bed.produce(first);
            transcodes.awaitRequests(LIMIT, TestBed.PATIENCE);
            bed.produce(events.next(5, JobShape.of(NORMAL)));
            bed.produce(events.next(8, JobShape.of(PRIORITIZED)));
            transcodes.awaitEnded(1, TestBed.PATIENCE);
            assertThat(oldestSeconds(service, NORMAL)).isBetween(6.0, 60.0);
            transcodes.awaitEnded(LIMIT + 5 + 8, TestBed.PATIENCE);
            end = shortJobs.nowNanos();
        }
        await().atMost(TestBed.PATIENCE)
                .until(() -> shortJobs.notDone(traffic.ids()).isEmpty());

        Duration before = p99(traffic, warm, begin);
        Duration during = p99(traffic, begin, end);
        System.out.println("p99 of the main lane's start delay: " + before + " before, " + during + " during");
        assertThat(during).isLessThan(before.plus(NOISE));
        assertThat(transcodes.maxSimultaneous()).isEqualTo(LIMIT);
        assertThat(transcodes.requests())
                .extracting(request -> request.job().event().type())
                .isEqualTo(Stream.of(
                                Collections.nCopies(LIMIT, NORMAL),
                                Collections.nCopies(8, PRIORITIZED),
                                Collections.nCopies(5, NORMAL))
                        .flatMap(List::stream)
                        .toList());
        assertThat(oldestSeconds(service, NORMAL)).isZero();
    }

    @Test
    void aRollingRestartOfTheMainLaneLeavesTheTranscodesAlone() {
        videoscaler.on(any()).answer(ok().after(FOR_LONG));
        bed.produce(events.next(20, JobShape.of(NORMAL)));
        try (ServiceProcess video = start("videoscaler", "30s");
                ServiceProcess old = start("main", "30s");
                SteadyTraffic traffic = new SteadyTraffic(bed, TRAFFIC)) {
            transcodes.awaitRequests(LIMIT, TestBed.PATIENCE);
            bed.runner().ledger().awaitRequests(1, TestBed.PATIENCE);
            List<String> takeovers = takeovers(video);
            Set<String> members = videoMembers();

            try (ServiceProcess young = start("main", "30s")) {
                await().atMost(TestBed.PATIENCE).until(() -> bed.members().size() == 2);
                old.terminate();
                assertThat(old.awaitExit(Duration.ofSeconds(30))).isEqualTo(SIGTERM_EXIT);
                bed.runner().ledger().awaitRequests(bed.runner().ledger().count() + 100, TestBed.PATIENCE);
                assertThat(takeovers(young)).as("the restart moved partitions").isNotEmpty();
            }

            assertThat(transcodes.requests())
                    .hasSize(LIMIT)
                    .allMatch(request -> request.ending().outcome() == Outcome.OPEN);
            assertThat(takeovers(video)).hasSize(1).isEqualTo(takeovers);
            assertThat(videoMembers()).hasSize(1).isEqualTo(members);
            assertThat(traffic.ids()).isNotEmpty();
        }
    }

    @Test
    void aStopNamesTheTranscodesThatStillRunAndTheyRunAgainElsewhere() {
        List<JobEvent> jobs = Stream.concat(
                        events.next(8, JobShape.of(PRIORITIZED)).stream(),
                        events.next(12, JobShape.of(NORMAL)).stream())
                .toList();
        videoscaler.on(any()).answer(ok().after(FOR_LONG));
        bed.produce(jobs);
        Service main = bed.start(bed.configuration(setup("3s")), List.of("main"));
        await().atMost(TestBed.PATIENCE).until(() -> bed.admin(main, "/readyz").statusCode() == 200);
        Collection<?> mainMembers = bed.members();
        ServiceProcess first = start("videoscaler", "3s");
        transcodes.awaitRequests(LIMIT, TestBed.PATIENCE);
        Set<String> running = transcodes.requests().stream()
                .map(request -> request.job().event().id())
                .collect(Collectors.toSet());

        first.terminate();

        assertThat(first.awaitExit(Duration.ofSeconds(30))).isEqualTo(SIGTERM_EXIT);
        assertThat(namedIn(first.log(), jobs)).isEqualTo(running);
        videoscaler.rules().clear();
        try (ServiceProcess second = start("videoscaler", "3s")) {
            transcodes.awaitEnded(LIMIT + jobs.size(), TestBed.PATIENCE);
            bed.awaitCommitted(videoGroup(), List.of(bed.topic(PRIORITIZED), bed.topic(NORMAL)));
            second.kill();
        }
        assertThat(transcodes.notDone(ids(jobs))).isEmpty();
        assertThat(transcodes.ranMoreThanOnce()).isEqualTo(running);
        assertThat(transcodes.count()).isEqualTo(LIMIT + jobs.size());
        assertThat(bed.members()).as("the main lane noticed nothing").isEqualTo(mainMembers);
    }

    private double oldestSeconds(Service service, String type) {
        return bed.scrape(service)
                .sum("jobqueue_attempt_oldest_seconds", "lane=\"videoscaler\"", "type=\"" + type + "\"");
    }

    private Setup setup(String drainTimeout) {
        return Setup.lanes("""
                        main:
                          target: mw-jobrunner
                          jobs:
                            refreshLinks: {concurrency: 50}
                        videoscaler:
                          target: mw-videoscaler
                          jobs:
                            webVideoTranscodePrioritized: {concurrency: 8, priority: 10}
                            webVideoTranscode: {concurrency: 15, retry: {limit: 1}}
                          concurrency: 15
                        """)
                .withTargets("""
                        mw-videoscaler: {uri: "%s", tls: {ca: "%s"}, timeout: 24h}
                        """.formatted(videoscaler.rpcUri(), videoscaler.caFile()))
                .withKeys("drain_timeout: " + drainTimeout);
    }

    private ServiceProcess start(String lane, String drainTimeout) {
        return ServiceProcess.start(folder, bed.yaml(setup(drainTimeout)), "--lane", lane);
    }

    private String videoGroup() {
        return bed.group() + "-videoscaler";
    }

    private Set<String> videoMembers() {
        return bed.members(videoGroup()).stream()
                .map(member -> member.consumerId() + " " + member.assignment())
                .collect(Collectors.toSet());
    }

    /** What a process says when partitions come and go. */
    private static List<String> takeovers(ServiceProcess process) {
        return process.log()
                .lines()
                .filter(line -> line.contains(" partitions")
                        && Stream.of("Owning", "Gave up", "Lost").anyMatch(line::contains))
                .toList();
    }

    /** The ids of those jobs that the log names as still running. */
    private static Set<String> namedIn(String log, List<JobEvent> jobs) {
        return jobs.stream()
                .filter(job -> log.lines()
                        .anyMatch(line -> line.contains("Still running: " + job.type() + " of enwiki")
                                && line.contains("id " + job.id() + ")")))
                .map(JobEvent::id)
                .collect(Collectors.toSet());
    }

    /** Of the short jobs that were produced between two moments: from the production of each to its start. */
    private Duration p99(SteadyTraffic traffic, long fromNanos, long toNanos) {
        long[] delays = traffic.producedAt().entrySet().stream()
                .filter(job -> job.getValue() >= fromNanos && job.getValue() < toNanos)
                .mapToLong(job -> bed.runner().ledger().startsOf(job.getKey())[0] - job.getValue())
                .sorted()
                .toArray();
        assertThat(delays).hasSizeGreaterThan(500);
        return Duration.ofNanos(delays[delays.length * 99 / 100]);
    }

    private static Set<String> ids(List<JobEvent> jobs) {
        return jobs.stream().map(JobEvent::id).collect(Collectors.toSet());
    }
}
