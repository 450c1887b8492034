package org.mediawiki.jobqueue.loadtest.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mediawiki.jobqueue.loadtest.standin.Behaviour.ok;
import static org.mediawiki.jobqueue.loadtest.standin.JobMatch.type;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mediawiki.jobqueue.changeprop.app.Service;
import org.mediawiki.jobqueue.loadtest.generate.JobEvent;
import org.mediawiki.jobqueue.loadtest.generate.JobEvents;
import org.mediawiki.jobqueue.loadtest.generate.JobShape;

/** The file is changed while the service runs (SPEC section 6). */
final class LiveFileIT {

    private static final String TYPE = "refreshLinks";
    private static final Duration PROMISE = Duration.ofSeconds(2);

    @TempDir
    private Path folder;

    private final TestBed bed = new TestBed();
    private final JobEvents events = new JobEvents(31, Clock.systemUTC());

    @AfterEach
    void stop() {
        bed.close();
    }

    @Test
    void aChangeHoldsWithinTwoSecondsAndWithoutARestart() throws IOException {
        bed.runner().on(type(TYPE)).answer(ok().after(Duration.ofMillis(300)));
        Path file = write(limit(2));
        Service service = bed.start(file);
        bed.produce(events.next(400, JobShape.of(TYPE)));
        await().atMost(TestBed.PATIENCE)
                .untilAsserted(
                        () -> assertThat(bed.runner().ledger().inFlight()).isEqualTo(2));
        String members = bed.members().toString();

        long changed = bed.runner().ledger().nowNanos();
        Files.writeString(file, bed.yaml(limit(7)));

        assertThatSevenRunSoonAfter(changed);
        assertThat(limitOf(service)).isEqualTo(7);
        assertThat(bed.members()).hasToString(members);
        assertThat(bed.scrape(service).sum("jobqueue_config_reloads_total", "result=\"applied\""))
                .isEqualTo(1);
    }

    /** As Kubernetes does it: the file is a link into a folder, which is itself a link that is replaced. */
    @Test
    void aConfigMapThatIsReplacedIsSeenWithinTwoSeconds() throws IOException {
        bed.runner().on(type(TYPE)).answer(ok().after(Duration.ofMillis(300)));
        Path data = folder.resolve("..data");
        Files.createSymbolicLink(data, version("first", limit(2)).getFileName());
        Path file = folder.resolve("jobqueue.yaml");
        Files.createSymbolicLink(file, Path.of("..data", "jobqueue.yaml"));
        bed.start(file);
        bed.produce(events.next(400, JobShape.of(TYPE)));
        await().atMost(TestBed.PATIENCE)
                .untilAsserted(
                        () -> assertThat(bed.runner().ledger().inFlight()).isEqualTo(2));

        Path next = folder.resolve("..data_tmp");
        Files.createSymbolicLink(next, version("second", limit(7)).getFileName());
        long changed = bed.runner().ledger().nowNanos();
        Files.move(next, data, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);

        assertThatSevenRunSoonAfter(changed);
    }

    @Test
    void anInvalidFileIsRefusedAndWhatItSaidBeforeHolds() throws IOException {
        Path file = write(limit(2));
        Service service = bed.start(file);
        bed.produce(events.next(1, JobShape.of(TYPE)));
        bed.awaitEnded(TYPE, 1);

        Files.writeString(file, bed.yaml(limit(7)).replace("concurrency", "concurency"));

        await().atMost(TestBed.PATIENCE)
                .untilAsserted(() -> assertThat(bed.scrape(service).sum("jobqueue_config_refused"))
                        .isEqualTo(1));
        assertThat(limitOf(service)).isEqualTo(2);
        assertThat(notices(service)).contains("is not valid", "concurency").contains("unknown key");
        assertThat(bed.admin(service, "/readyz").statusCode()).isEqualTo(200);
        bed.produce(events.next(1, JobShape.of(TYPE)));
        bed.awaitEnded(TYPE, 2);

        Files.writeString(file, bed.yaml(limit(7)));

        await().atMost(TestBed.PATIENCE)
                .untilAsserted(() -> assertThat(limitOf(service)).isEqualTo(7));
        Scrape scrape = bed.scrape(service);
        assertThat(scrape.sum("jobqueue_config_refused")).isZero();
        // The status of a moment ago is shown to whoever asks within that moment.
        await().atMost(TestBed.PATIENCE)
                .untilAsserted(() -> assertThat(notices(service)).isEqualTo("[]"));
        assertThat(scrape.sum("jobqueue_config_reloads_total", "result=\"refused\""))
                .isEqualTo(1);
    }

    @Test
    void whatNeedsARestartIsLeftAsItWasAndTheRestHolds() throws IOException {
        Path file = write(limit(2));
        Service service = bed.start(file);
        bed.produce(events.next(1, JobShape.of(TYPE)));
        bed.awaitEnded(TYPE, 1);

        Files.writeString(file, bed.yaml(limit(7)).replace("service: ", "service: other-"));

        await().atMost(TestBed.PATIENCE)
                .untilAsserted(() -> assertThat(limitOf(service)).isEqualTo(7));
        assertThat(bed.scrape(service).sum("jobqueue_config_restart_needed")).isEqualTo(1);
        assertThat(notices(service)).contains("only a restart makes it hold: service");
        bed.produce(events.next(1, JobShape.of(TYPE)));
        bed.awaitEnded(TYPE, 2);
    }

    /** As the chart starts it: the lane that is added has a process of its own. */
    @Test
    void aProcessThatWasToldItsLaneGoesByTheFileAlsoWhereAnotherIsAdded() {
        bed.runner().on(type(TYPE)).answer(ok().after(Duration.ofMillis(300)));
        bed.produce(events.next(400, JobShape.of(TYPE)));
        try (ServiceProcess main = ServiceProcess.start(folder, bed.yaml(limit(2)), "--lane", "main")) {
            await().atMost(TestBed.PATIENCE).until(() -> bed.runner().ledger().inFlight() == 2);

            main.configure(bed.yaml(Setup.lanes(
                    "{main: {jobs: {" + TYPE + ": {concurrency: 7}}}, video: {jobs: {webVideoTranscode: {}}}}")));

            await().atMost(TestBed.PATIENCE).until(() -> bed.runner().ledger().inFlight() == 7);
            assertThat(main.log()).doesNotContain("only a restart");
        }
    }

    @Test
    void theConsoleShowsThatAFileWasRefused() throws IOException {
        Browser.need();
        Path file = write(limit(2));
        Service service = bed.start(file);
        Files.writeString(file, bed.yaml(limit(7)).replace("concurrency", "concurency"));
        try (Browser browser = Browser.open(Api.of(service).address())) {
            browser.go("/");
            browser.see(".attention li.warn", "unknown key");
            browser.go("/fleet");
            browser.see("main td .badge.warn", "look");
            browser.see("main td", "what it said before holds");
            assertThat(browser.barriers()).isEmpty();
            assertThat(browser.complaints()).isEmpty();
        }
    }

    /** Its topics are given up, and taken again where they stood. */
    @Test
    void aTypeThatIsExcludedForAWhileGoesOnWhereItStood() throws IOException {
        bed.createTopics(TYPE);
        Path file = write(Setup.plain());
        bed.start(file);
        List<JobEvent> before = events.next(200, JobShape.of(TYPE));
        bed.produce(before);
        bed.awaitEnded(TYPE, before.size());

        Files.writeString(file, bed.yaml(Setup.lanes("main: {target: mw-jobrunner, exclude: [" + TYPE + "]}")));
        await().atMost(TestBed.PATIENCE)
                .untilAsserted(() -> assertThat(bed.members())
                        .flatExtracting(member -> member.assignment().topicPartitions())
                        .noneMatch(partition -> partition.topic().equals(bed.topic(TYPE))));
        List<JobEvent> meanwhile = events.next(200, JobShape.of(TYPE));
        bed.produce(meanwhile);
        bed.produce(events.next(1, JobShape.of("cdnPurge")));
        bed.awaitEnded("cdnPurge", 1);
        assertThat(bed.runner().ledger().count(TYPE)).isEqualTo(before.size());

        Files.writeString(file, bed.yaml(Setup.plain()));
        bed.awaitEnded(TYPE, before.size() + meanwhile.size());

        assertThat(bed.runner().ledger().notDone(ids(meanwhile))).isEmpty();
        assertThat(bed.runner().ledger().ranMoreThanOnce()).isEmpty();
    }

    @Test
    void jobsGoToAnotherTargetAndThoseUnderWayEndWhereTheyWereSent() throws IOException {
        bed.runner().on(type(TYPE)).answer(ok().after(Duration.ofSeconds(3)));
        Path file = write(limit(2));
        bed.start(file);
        bed.produce(events.next(2, JobShape.of(TYPE)));
        await().atMost(TestBed.PATIENCE)
                .untilAsserted(
                        () -> assertThat(bed.runner().ledger().inFlight()).isEqualTo(2));
        try (TestBed other = new TestBed()) {
            Files.writeString(
                    file,
                    bed.yaml(limit(4).aimedAt(
                                    other.runner().rpcUri(), other.runner().caFile())));
            bed.produce(events.next(2, JobShape.of(TYPE)));
            other.awaitEnded(TYPE, 2);
        }
        bed.awaitEnded(TYPE, 2);
        assertThat(bed.runner().ledger().tally())
                .allSatisfy(tally -> assertThat(tally.ending().status()).isEqualTo(200));
    }

    private Path version(String name, Setup setup) throws IOException {
        Path version = Files.createDirectory(folder.resolve(".." + name));
        Files.writeString(version.resolve("jobqueue.yaml"), bed.yaml(setup));
        return version;
    }

    /** What the machine stood still meanwhile is not counted. */
    private void assertThatSevenRunSoonAfter(long changedNanos) {
        await().atMost(TestBed.PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> bed.runner().ledger().inFlight() == 7);
        assertThat(bed.ranSince(changedNanos)).isLessThan(PROMISE);
    }

    private Path write(Setup setup) throws IOException {
        return Files.writeString(folder.resolve("jobqueue.yaml"), bed.yaml(setup));
    }

    /** What its status says that deserves a look. */
    private static String notices(Service service) {
        return Api.of(service)
                .get("/api/v1/status")
                .getJsonArray("instances")
                .getJsonObject(0)
                .getJsonArray("notices")
                .encode();
    }

    private double limitOf(Service service) {
        return bed.scrape(service).sum("jobqueue_slots_limit", "type=\"" + TYPE + "\"");
    }

    private static Setup limit(int concurrency) {
        return Setup.lanes("main: {target: mw-jobrunner, jobs: {" + TYPE + ": {concurrency: " + concurrency + "}}}");
    }

    private static Set<String> ids(List<JobEvent> jobs) {
        return jobs.stream().map(JobEvent::id).collect(Collectors.toSet());
    }
}
