package org.mediawiki.jobqueue.loadtest.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mediawiki.jobqueue.loadtest.standin.Behaviour.ok;
import static org.mediawiki.jobqueue.loadtest.standin.Behaviour.readOnly;
import static org.mediawiki.jobqueue.loadtest.standin.JobMatch.any;
import static org.mediawiki.jobqueue.loadtest.standin.JobMatch.type;
import static org.mediawiki.jobqueue.loadtest.standin.JobMatch.wiki;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mediawiki.jobqueue.loadtest.generate.JobEvent;
import org.mediawiki.jobqueue.loadtest.generate.JobEvents;
import org.mediawiki.jobqueue.loadtest.generate.JobShape;
import org.mediawiki.jobqueue.loadtest.standin.StandInOptions;

/**
 * Backlogs of so many types that memory is full, and each has but a part of it: what cannot start must not fill the part of a
 * type, or nobody reads what could start behind it (SPEC guarantees 7 and 8).
 */
final class CrowdedLaneIT {

    private static final int TYPES = 60;
    private static final int OF_EACH = 40;
    private static final int BYTES = 40_000;
    private static final String READ_ONLY = "wiki0";
    private static final String OTHER = "wiki1";

    @TempDir
    private Path folder;

    private final JobEvents events = new JobEvents(61, Clock.systemUTC());

    @Test
    void jobsOfOtherWikisRunBehindThoseOfAReadOnlyOne() {
        List<String> busy = IntStream.range(0, TYPES).mapToObj(i -> "busy" + i).toList();
        List<JobEvent> behind = events.next(5, JobShape.of("mixed").withWiki(OTHER, OTHER + ".test"));
        String jobs = busy.stream().map(name -> name + ": {concurrency: 1}, ").collect(Collectors.joining());
        try (TestBed bed = new TestBed(StandInOptions.defaults())) {
            bed.createTopics(busy.toArray(String[]::new));
            bed.createTopics("mixed");
            bed.runner().on(any()).answer(ok().after(Duration.ofMinutes(5)));
            bed.runner().on(type("mixed")).answer(ok());
            bed.runner().on(wiki(READ_ONLY)).answer(readOnly());
            busy.forEach(
                    name -> bed.produce(events.next(OF_EACH, JobShape.of(name).withParamsBytes(BYTES))));
            bed.produce(events.next(
                    2 * OF_EACH,
                    JobShape.of("mixed")
                            .withWiki(READ_ONLY, READ_ONLY + ".test")
                            .withParamsBytes(BYTES)));
            bed.produce(behind);
            Setup setup = Setup.lanes("main: {target: mw-jobrunner, jobs: {" + jobs + "mixed: {concurrency: 2}}}")
                    .withKeys("readonly_hold: 10m\nscheduler: {folder: \"" + folder.resolve("scheduler") + "\"}");
            try (ServiceProcess service = ServiceProcess.start(folder, bed.yaml(setup))) {
                Set<String> ids = behind.stream().map(JobEvent::id).collect(Collectors.toSet());
                await().atMost(TestBed.PATIENCE)
                        .untilAsserted(() -> assertThat(bed.runner().ledger().notDone(ids))
                                .as(service::log)
                                .isEmpty());
                assertThat(bed.runner().ledger().inFlight())
                        .as("the lane was full of others")
                        .isEqualTo(TYPES);
                service.kill();
            }
        }
    }
}
