package org.mediawiki.jobqueue.loadtest.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mediawiki.jobqueue.loadtest.standin.Behaviour.ok;
import static org.mediawiki.jobqueue.loadtest.standin.Behaviour.readOnly;
import static org.mediawiki.jobqueue.loadtest.standin.JobMatch.any;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mediawiki.jobqueue.changeprop.app.Service;
import org.mediawiki.jobqueue.loadtest.generate.JobEvent;
import org.mediawiki.jobqueue.loadtest.generate.JobEvents;
import org.mediawiki.jobqueue.loadtest.generate.JobShape;
import org.mediawiki.jobqueue.loadtest.standin.RecordedRequest;
import org.mediawiki.jobqueue.loadtest.standin.RequestLedger;
import org.mediawiki.jobqueue.loadtest.standin.StandInOptions;
import org.mediawiki.jobqueue.loadtest.standin.StandInRunner;

/** The procedure of docs/deployment.md: MediaWiki moves to the other datacenter, the queues stay where they are. */
final class DatacenterSwitchIT {

    private static final String TYPE = "refreshLinks";
    private static final int JOBS = Boolean.getBoolean("jobqueue.soak") ? 20_000 : 400;

    private static final Duration MAX_CONNECTION_AGE = Duration.ofSeconds(2);

    private final JobEvents events = new JobEvents(41, Clock.systemUTC());

    @TempDir
    private Path folder;

    @Test
    void jobsOfBothPrefixesRunOnceWhereverMediaWikiIs() throws IOException {
        try (TestBed eqiad = new TestBed();
                TestBed codfw = new TestBed();
                StandInRunner secondary = StandInRunner.start(StandInOptions.defaults());
                DiscoveryName name = new DiscoveryName(eqiad.runner().rpcUri())) {
            StandInRunner primary = eqiad.runner();
            primary.on(any()).answer(ok().after(Duration.ofMillis(5)));
            secondary.on(any()).answer(ok().after(Duration.ofMillis(5)));
            Set<String> jobs = new HashSet<>();
            for (TestBed bed : List.of(eqiad, codfw)) {
                bed.createTopics(TYPE);
                bed.start(serviceAimedAt(name, primary, secondary));
            }
            produce(eqiad, jobs);
            await().atMost(TestBed.PATIENCE).until(() -> primary.ledger().count() > JOBS / 8);

            // MediaWiki becomes read-only, and jobs go on coming: those that its last writes caused.
            primary.on(any()).answer(readOnly());
            produce(eqiad, jobs);
            produce(codfw, jobs);
            await().atMost(TestBed.PATIENCE).until(() -> refused(primary.ledger()) > 0);
            // The name moves; connections to the old place stay open until they are too old.
            name.moveTo(secondary.rpcUri());
            await().atMost(TestBed.PATIENCE).until(() -> secondary.ledger().count() > 0);
            // The old place goes for good, once nobody is connected to it any more.
            await().atMost(TestBed.PATIENCE).until(() -> isQuiet(primary.ledger()));
            primary.refuseConnections();
            produce(codfw, jobs);

            await().atMost(TestBed.PATIENCE.multipliedBy(2))
                    .untilAsserted(() -> assertThat(done(primary, secondary)).containsAll(jobs));
            eqiad.awaitCommitted(eqiad.group(), List.of(eqiad.topic(TYPE)));
            codfw.awaitCommitted(codfw.group(), List.of(codfw.topic(TYPE)));
            List<String> all = Stream.of(primary, secondary)
                    .flatMap(runner -> doneBy(runner).stream())
                    .toList();
            assertThat(all).doesNotHaveDuplicates().hasSameSizeAs(jobs);
            for (TestBed bed : List.of(eqiad, codfw)) {
                assertThat(bed.tail(bed.errorTopic()).all()).isEmpty();
            }
        }
    }

    /** Pause, drain, resume elsewhere: no attempt fails, and nobody asks the old place once it is said to be quiet. */
    @Test
    void pausedLanesDrainAndGoOnElsewhere() throws IOException {
        try (TestBed eqiad = new TestBed();
                TestBed codfw = new TestBed();
                StandInRunner secondary = StandInRunner.start(StandInOptions.defaults());
                DiscoveryName name = new DiscoveryName(eqiad.runner().rpcUri())) {
            StandInRunner primary = eqiad.runner();
            primary.on(any()).answer(ok().after(Duration.ofMillis(300)));
            Set<String> jobs = new HashSet<>();
            Map<TestBed, Service> services = new LinkedHashMap<>();
            for (TestBed bed : List.of(eqiad, codfw)) {
                bed.createTopics(TYPE);
                services.put(bed, bed.start(serviceAimedAt(name, primary, secondary)));
            }
            // The second takes its time to start, in which the first would have done all of its own.
            for (TestBed bed : services.keySet()) {
                produce(bed, jobs);
                produce(bed, jobs);
            }
            await().atMost(TestBed.PATIENCE).until(() -> primary.ledger().count() > JOBS / 20);

            services.values().forEach(service -> jobs(service, "pause"));
            await().atMost(TestBed.PATIENCE)
                    .until(() -> services.entrySet().stream()
                            .allMatch(one -> isDrained(one.getKey().scrape(one.getValue()))));
            int atTheOldPlace = primary.ledger().count();
            produce(eqiad, jobs);
            name.moveTo(secondary.rpcUri());
            Instant oldConnectionsAreOver = Instant.now().plus(MAX_CONNECTION_AGE);
            await().atMost(TestBed.PATIENCE).until(() -> Instant.now().isAfter(oldConnectionsAreOver));
            services.values().forEach(service -> jobs(service, "resume"));

            await().atMost(TestBed.PATIENCE)
                    .untilAsserted(() -> assertThat(done(primary, secondary)).containsAll(jobs));
            eqiad.awaitCommitted(eqiad.group(), List.of(eqiad.topic(TYPE)));
            codfw.awaitCommitted(codfw.group(), List.of(codfw.topic(TYPE)));
            assertThat(atTheOldPlace).as("there was something left to do").isLessThan(jobs.size());
            assertThat(primary.ledger().count()).isEqualTo(atTheOldPlace);
            assertThat(primary.ledger().count() + secondary.ledger().count())
                    .as("one attempt for each job")
                    .isEqualTo(jobs.size());
        }
    }

    private static void jobs(Service service, String verb) {
        JobsCli.Run run = new JobsCli(Api.of(service), Api.TOKEN).run(verb, "main", "--lane", "--reason", "switch");
        assertThat(run.exitCode()).as(run.err()).isZero();
    }

    /** Nothing runs, and something waits: it is the pause that holds it. */
    private static boolean isDrained(Scrape scrape) {
        return scrape.sum("jobqueue_slots_in_use") == 0 && scrape.sum("jobqueue_lag_jobs") > 0;
    }

    private Setup serviceAimedAt(DiscoveryName name, StandInRunner primary, StandInRunner secondary)
            throws IOException {
        Path trusted = Files.writeString(
                folder.resolve("ca.pem"), Files.readString(primary.caFile()) + Files.readString(secondary.caFile()));
        return Setup.lanes("main: {target: mw-jobrunner, jobs: {refreshLinks: {concurrency: 20}}}")
                .withKeys("readonly_hold: 1s\n" + Api.ADMIN)
                .withTarget("timeout: 30s, max_connection_age: " + MAX_CONNECTION_AGE.toSeconds() + "s")
                .aimedAt(name.in(primary.rpcUri()), trusted);
    }

    private void produce(TestBed bed, Set<String> jobs) {
        List<JobEvent> batch = events.next(JOBS / 4, JobShape.of(TYPE));
        bed.produce(batch);
        batch.forEach(job -> jobs.add(job.id()));
    }

    /** Whether nothing has come for two seconds, which is longer than a hold. */
    private static boolean isQuiet(RequestLedger ledger) {
        long quietSince = ledger.nowNanos() - Duration.ofSeconds(2).toNanos();
        return ledger.requests().stream().noneMatch(request -> request.span().startNanos() > quietSince);
    }

    private static long refused(RequestLedger ledger) {
        return ledger.requests().stream()
                .filter(request -> request.ending().status() == 423)
                .count();
    }

    private static Set<String> done(StandInRunner... runners) {
        return Stream.of(runners).flatMap(runner -> doneBy(runner).stream()).collect(Collectors.toSet());
    }

    private static List<String> doneBy(StandInRunner runner) {
        return runner.ledger().requests().stream()
                .filter(request -> request.ending().status() == 200)
                .map(RecordedRequest::job)
                .map(job -> job.event().id())
                .toList();
    }
}
