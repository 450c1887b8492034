package org.mediawiki.jobqueue.loadtest.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mediawiki.jobqueue.loadtest.standin.Behaviour.ok;
import static org.mediawiki.jobqueue.loadtest.standin.Behaviour.status;
import static org.mediawiki.jobqueue.loadtest.standin.JobMatch.any;
import static org.mediawiki.jobqueue.loadtest.standin.JobMatch.largerThan;

import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mediawiki.jobqueue.changeprop.embedded.FreePorts;
import org.mediawiki.jobqueue.loadtest.generate.JobEvent;
import org.mediawiki.jobqueue.loadtest.generate.JobEvents;
import org.mediawiki.jobqueue.loadtest.generate.JobShape;
import org.mediawiki.jobqueue.loadtest.standin.RequestLedger;
import org.mediawiki.jobqueue.loadtest.standin.RequestLedger.Detail;
import org.mediawiki.jobqueue.loadtest.standin.StandInOptions;

/**
 * SPEC guarantee 8: memory is bounded by bytes. A process with a heap of 256 MB in front of a backlog that is larger,
 * in each of many topics at once.
 */
final class LargeEventsIT {

    private static final boolean SOAK = Boolean.getBoolean("jobqueue.soak");
    private static final int TOPICS = SOAK ? 50 : 20;
    private static final int LARGE_OF_EACH = SOAK ? 6 : 4;
    private static final int FAILING_OF_EACH = SOAK ? 6 : 2;
    private static final int WAITING_OF_EACH = 2;
    private static final int LOOKS = 3;
    private static final int SMALL_BESIDE_EACH = SOAK ? 160 : 33;
    private static final int LARGE_BYTES = 4 << 20;
    private static final int SMALL_BYTES = 600;
    private static final Duration TIME = Duration.ofSeconds(SOAK ? 600 : 120);

    /** Nothing may happen for so long, at the most, on a machine that others use as well. */
    private static final Duration STALL = Duration.ofSeconds(10);

    @TempDir
    private Path folder;

    private final JobEvents events = new JobEvents(16, Clock.systemUTC());
    private final Set<String> ids = new HashSet<>();
    private final List<String> types =
            IntStream.range(0, TOPICS).mapToObj(i -> "Large" + i).toList();

    @Alone
    @Test
    void aBacklogOfLargeEventsInEveryTopicRunsThroughASmallHeap() {
        try (TestBed bed = new TestBed(StandInOptions.defaults().withDetail(Detail.HASHES))) {
            bed.runner().on(any()).answer(ok().after(Duration.ofMillis(50)));
            produceBacklog(bed, LARGE_OF_EACH);
            try (ServiceProcess service = startService(bed, Setup.plain())) {
                awaitEnded(bed, service, ids.size());
                bed.awaitCommitted(bed.group(), types.stream().map(bed::topic).toList());
                assertThat(service.log()).doesNotContain("OutOf", "this is a bug");
                service.terminate();
                assertThat(service.awaitExit(Duration.ofSeconds(40))).isEqualTo(143);
            }

            RequestLedger ledger = bed.runner().ledger();
            assertThat(ledger.notDone(ids)).isEmpty();
            assertThat(ledger.ranMoreThanOnce()).isEmpty();
            assertThat(longestGap(ledger)).isLessThan(STALL);
            assertThat(bed.ends(List.of(bed.errorTopic())).values()).containsOnly(0L);
        }
    }

    /** Whatever the runner says: the events that a job ends in are copies of it. */
    @Test
    void largeEventsThatAllFailAreRetriedAndDeadInASmallHeap() {
        try (TestBed bed = new TestBed(StandInOptions.defaults().withDetail(Detail.HASHES))) {
            bed.runner().on(any()).answer(ok());
            bed.runner().on(largerThan(LARGE_BYTES / 2)).answer(status(500).after(Duration.ofSeconds(1)));
            produceBacklog(bed, FAILING_OF_EACH);
            Setup setup = Setup.plain().withKeys("retry: {limit: 1, delay: 6s, factor: 1}");
            int large = TOPICS * FAILING_OF_EACH;
            try (ServiceProcess service = startService(bed, setup)) {
                awaitEnded(bed, service, ids.size() + large);
                await().atMost(TIME)
                        .untilAsserted(() -> assertThat(
                                        bed.ends(List.of(bed.errorTopic())).values())
                                .containsOnly((long) large));
                assertThat(service.log()).doesNotContain("OutOf", "this is a bug");
                service.kill();
            }
            assertThat(bed.runner().ledger().lost(ids)).isEmpty();
        }
    }

    /** Anybody who sees the console may ask, and a story asks every instance for all that waits. */
    @Test
    void lookingAtLargeEventsThatWaitTakesTheMemoryOfOneHoweverManyLook() {
        try (TestBed bed = new TestBed(StandInOptions.defaults().withDetail(Detail.HASHES))) {
            bed.runner().on(any()).answer(ok());
            bed.runner().on(largerThan(LARGE_BYTES / 2)).answer(status(500));
            produceBacklog(bed, WAITING_OF_EACH);
            int port = new FreePorts(new SecureRandom()).find(1).get(0);
            String keys = "retry: {limit: 1, delay: 1h, factor: 1}\nadmin: {port: " + port + "}";
            int large = TOPICS * WAITING_OF_EACH;
            try (ServiceProcess service = startService(bed, Setup.plain().withKeys(keys))) {
                awaitEnded(bed, service, ids.size());
                await().atMost(TIME)
                        .untilAsserted(() -> assertThat(bed.scrape(port).sum("jobqueue_scheduler_depth"))
                                .isEqualTo(large));

                List<CompletableFuture<String>> lists = looks(port, "/api/v1/scheduled?limit=1000");
                List<CompletableFuture<String>> stories =
                        looks(port, "/api/v1/jobs/" + ids.iterator().next());

                assertThat(lists)
                        .allSatisfy(list -> assertThat(list)
                                .succeedsWithin(TIME)
                                .satisfies(body -> assertThat(new JsonObject(body).getJsonArray("jobs"))
                                        .hasSize(large)));
                assertThat(stories).allSatisfy(story -> assertThat(story).succeedsWithin(TIME));
                assertThat(service.isAlive()).as(service::log).isTrue();
                service.kill();
            }
        }
    }

    private static List<CompletableFuture<String>> looks(int port, String path) {
        return IntStream.range(0, LOOKS)
                .mapToObj(i -> CompletableFuture.supplyAsync(
                        () -> TestBed.get(port, path).body(), TestBed.ownThreads()))
                .toList();
    }

    private ServiceProcess startService(TestBed bed, Setup setup) {
        String scheduler = "scheduler: {folder: \"" + folder.resolve("scheduler") + "\"}\n";
        return ServiceProcess.start(folder, bed.yaml(setup.withKeys(setup.keys() + "\n" + scheduler)));
    }

    private void produceBacklog(TestBed bed, int largeOfEach) {
        bed.createTopics(types.toArray(String[]::new));
        for (int round = 0; round < largeOfEach; round++) {
            for (String type : types) {
                produce(bed, events.next(1, JobShape.of(type).withParamsBytes(LARGE_BYTES - 1_000)));
                produce(bed, events.next(SMALL_BESIDE_EACH, JobShape.of(type).withParamsBytes(SMALL_BYTES)));
            }
        }
    }

    private void produce(TestBed bed, List<JobEvent> jobs) {
        bed.produce(jobs);
        jobs.forEach(job -> ids.add(job.id()));
    }

    private static void awaitEnded(TestBed bed, ServiceProcess service, int count) {
        await().atMost(TIME)
                .conditionEvaluationListener(null)
                .failFast(() -> assertThat(service.isAlive()).as(service::log).isTrue())
                .untilAsserted(() -> assertThat(bed.runner().ledger().count()
                                - bed.runner().ledger().inFlight())
                        .as(service::log)
                        .isGreaterThanOrEqualTo(count));
    }

    private static Duration longestGap(RequestLedger ledger) {
        long[] starts = ledger.requests().stream()
                .mapToLong(request -> request.span().startNanos())
                .toArray();
        long longest = IntStream.range(1, starts.length)
                .mapToLong(i -> starts[i] - starts[i - 1])
                .max()
                .orElseThrow();
        System.out.println("longest gap between two starts: " + Duration.ofNanos(longest));
        return Duration.ofNanos(longest);
    }
}
