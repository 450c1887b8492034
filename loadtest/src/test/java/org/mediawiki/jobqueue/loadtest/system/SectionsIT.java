package org.mediawiki.jobqueue.loadtest.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mediawiki.jobqueue.loadtest.standin.Behaviour.ok;
import static org.mediawiki.jobqueue.loadtest.standin.JobMatch.any;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mediawiki.jobqueue.loadtest.generate.JobEvent;
import org.mediawiki.jobqueue.loadtest.generate.JobEvents;
import org.mediawiki.jobqueue.loadtest.generate.JobShape;
import org.mediawiki.jobqueue.loadtest.standin.RequestLedger;
import org.mediawiki.jobqueue.loadtest.standin.RequestLedger.Detail;
import org.mediawiki.jobqueue.loadtest.standin.StandInOptions;

/**
 * SPEC guarantee 3: a backlog of one database section does not block the others of its type, whose jobs stand behind it
 * in the same partition. What cannot start delays in the scheduler.
 */
@Alone
final class SectionsIT {

    /** Lower in every build, where broker, runner and service share a machine with other builds. */
    private static final double BUSY = Boolean.getBoolean("jobqueue.soak") ? 0.95 : 0.85;

    private static final boolean SOAK = Boolean.getBoolean("jobqueue.soak");
    private static final String TYPE = "refreshLinks";
    private static final String CROWDED = "enwiki";
    private static final int FRONT = Integer.getInteger("jobqueue.front", SOAK ? 1_000_000 : 15_000);

    /** A larger backlog is worked on for so long, and not to its end. */
    private static final Duration WORK = Duration.ofMinutes(1);

    private static final int WORKED_OFF = 100_000;

    /** Of a heap of 256 MB and 64 MB for the scheduler's store; whatever is in front. */
    private static final long MOST_MEGABYTES = 900;

    private static final int CHUNK = 10_000;

    /** How fast the backlog grows where it grows while the service runs: less than it reads. */
    private static final int FLOOD_A_SECOND = SOAK ? 3_000 : 1_000;

    private static final int COLD_A_SECOND = 500;
    private static final int COLD = SOAK ? 10_000 : 1_000;

    private static final int LIMIT = 60;

    /** So the section works off 600 jobs a second at most. */
    private static final Duration LATENCY = Duration.ofMillis(100);

    private static final Duration SOON = Duration.ofSeconds(2);
    private static final Duration TIME = Duration.ofSeconds(60 + FRONT / 250);
    private static final List<String> OTHERS =
            IntStream.rangeClosed(2, 8).mapToObj(i -> "wiki" + i).toList();

    @TempDir
    private Path folder;

    private final JobEvents events = new JobEvents(17, Clock.systemUTC());
    private final Set<String> front = new HashSet<>();

    /** When each of the others stood in Kafka, by the ledger's clock; guarded by itself. */
    private final Map<String, Long> others = new HashMap<>();

    @Test
    void jobsOfOtherSectionsStartSoonBehindTheBacklogOfOne() throws InterruptedException {
        try (TestBed bed = bed()) {
            produceFront(bed);
            JobEvent first = other("wiki2");
            bed.produce(first);
            try (ServiceProcess service = ServiceProcess.start(folder, bed.yaml(setup()))) {
                bed.runner().ledger().awaitRequests(LIMIT, TestBed.PATIENCE);
                long began = bed.runner().ledger().nowNanos();
                await().atMost(TIME).until(() -> bed.runner().ledger().startsOf(first.id()).length > 0);
                System.out.printf(
                        "%,d jobs in front were read in %s%n",
                        FRONT, Duration.ofNanos(bed.runner().ledger().nowNanos() - began));

                ScheduledFuture<?> traffic = startOthers(bed);
                if (FRONT <= WORKED_OFF) {
                    bed.runner().ledger().awaitEnded(FRONT, TIME);
                } else {
                    await().pollDelay(WORK).atMost(WORK.multipliedBy(2)).until(() -> true);
                }
                traffic.cancel(false);
                awaitDone(bed, first);
                assertThatMemoryIsBounded(service);
                service.kill();
            }
            assertThat(bed.runner().ledger().ranMoreThanOnce()).isEmpty();
            assertThatOthersStartedSoon(bed.runner().ledger());
            assertThatTheSectionWasBusy(
                    bed.runner().ledger(), bed.runner().ledger().startsOf(first.id())[0]);
        }
    }

    /** Whoever produces no faster than the service reads delays nobody, however large the backlog becomes. */
    @Test
    void jobsOfOtherSectionsStartSoonWhileTheBacklogOfOneGrows() throws InterruptedException {
        try (TestBed bed = bed()) {
            JobEvent first = other("wiki2");
            bed.produce(first);
            try (ServiceProcess service = ServiceProcess.start(folder, bed.yaml(setup()))) {
                await().atMost(TIME).until(() -> bed.runner().ledger().startsOf(first.id()).length > 0);
                ScheduledFuture<?> traffic = startOthers(bed);
                // A process that is cold reads less.
                flood(bed, COLD, COLD_A_SECOND);
                flood(bed, FRONT / 2 - COLD, FLOOD_A_SECOND);
                traffic.cancel(false);
                awaitDone(bed, first);
                assertThatMemoryIsBounded(service);
                service.kill();
            }
            assertThat(bed.runner().ledger().ranMoreThanOnce()).isEmpty();
            assertThatOthersStartedSoon(bed.runner().ledger());
        }
    }

    private static TestBed bed() {
        TestBed bed = new TestBed(StandInOptions.defaults().withHttp2(false).withDetail(Detail.LIGHT));
        bed.createTopics(TYPE);
        bed.runner().on(any()).answer(ok().after(LATENCY));
        return bed;
    }

    private void awaitDone(TestBed bed, JobEvent first) {
        await().atMost(TIME)
                .untilAsserted(() -> assertThat(bed.runner().ledger().notDone(thatMustBeDone(first)))
                        .isEmpty());
    }

    /** In tenths of a second. */
    private void flood(TestBed bed, int count, int aSecond) throws InterruptedException {
        JobShape crowded = JobShape.of(TYPE).withWiki(CROWDED, "en.wiki.test");
        long begin = System.nanoTime();
        int chunk = aSecond / 10;
        for (int produced = 0; produced < count; produced += chunk) {
            List<JobEvent> jobs;
            synchronized (events) {
                jobs = events.next(chunk, crowded);
            }
            bed.produce(jobs);
            long due = begin + TimeUnit.SECONDS.toNanos(1) * produced / aSecond;
            TimeUnit.NANOSECONDS.sleep(Math.max(0, due - System.nanoTime()));
        }
    }

    private Setup setup() {
        return Setup.lanes("main: {target: mw-jobrunner, jobs: {" + TYPE + ": {concurrency: 100, per_section: " + LIMIT
                        + "}}}")
                .withKeys("sections: {default: s1, " + sections() + "}\nscheduler: {folder: \""
                        + folder.resolve("scheduler") + "\"}");
    }

    private static String sections() {
        return OTHERS.stream().map(wiki -> wiki + ": s-" + wiki).collect(Collectors.joining(", "));
    }

    private void produceFront(TestBed bed) {
        JobShape crowded = JobShape.of(TYPE).withWiki(CROWDED, "en.wiki.test");
        for (int produced = 0; produced < FRONT; produced += CHUNK) {
            List<JobEvent> chunk = events.next(CHUNK, crowded);
            bed.produce(chunk);
            chunk.forEach(job -> front.add(job.id()));
        }
    }

    private JobEvent other(String wiki) {
        synchronized (events) {
            return events.next(JobShape.of(TYPE).withWiki(wiki, wiki + ".test"));
        }
    }

    /** One a second of each of the seven. */
    private ScheduledFuture<?> startOthers(TestBed bed) {
        ScheduledExecutorService pace = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "others");
            thread.setDaemon(true);
            return thread;
        });
        return pace.scheduleAtFixedRate(
                () -> OTHERS.forEach(wiki -> {
                    JobEvent job = other(wiki);
                    synchronized (others) {
                        others.put(job.id(), bed.runner().ledger().nowNanos());
                    }
                    bed.produce(job);
                }),
                0,
                1,
                TimeUnit.SECONDS);
    }

    private Set<String> thatMustBeDone(JobEvent first) {
        Set<String> all = new HashSet<>(FRONT <= WORKED_OFF ? front : Set.of());
        all.add(first.id());
        synchronized (others) {
            all.addAll(others.keySet());
        }
        return all;
    }

    private static void assertThatMemoryIsBounded(ServiceProcess service) {
        service.residentMegabytes().ifPresent(megabytes -> {
            System.out.println("resident memory of the service: " + megabytes + " MB");
            assertThat(megabytes).isLessThan(MOST_MEGABYTES);
        });
    }

    private void assertThatOthersStartedSoon(RequestLedger ledger) {
        record Delay(Duration sinceTheFirst, Duration length) {}
        List<Delay> delays;
        synchronized (others) {
            long first = others.values().stream().mapToLong(at -> at).min().orElseThrow();
            delays = others.entrySet().stream()
                    .map(job -> new Delay(
                            Duration.ofNanos(job.getValue() - first),
                            Duration.ofNanos(ledger.startsOf(job.getKey())[0] - job.getValue())))
                    .sorted(Comparator.comparing(Delay::length))
                    .toList();
        }
        Delay p99 = delays.get(delays.size() * 99 / 100);
        Delay longest = delays.get(delays.size() - 1);
        System.out.printf(
                "%d others: median %s, p99 %s, longest %s, %s after the first%n",
                delays.size(),
                delays.get(delays.size() / 2).length(),
                p99.length(),
                longest.length(),
                longest.sinceTheFirst());
        assertThat(delays).hasSizeGreaterThan(30);
        assertThat(p99.length()).isLessThanOrEqualTo(SOON);
    }

    /**
     * By all requests, of which the others are next to none; from when the front was read to the last twentieth of its
     * time. Before, the process is cold.
     */
    private void assertThatTheSectionWasBusy(RequestLedger ledger, long readNanos) {
        assertThat(ledger.maxSimultaneous(TYPE)).isLessThanOrEqualTo(LIMIT + OTHERS.size());
        long[] span = spanOfTheFront(ledger);
        long end = span[1] - (span[1] - span[0]) / 20;
        double used = ledger.utilisation(TYPE, LIMIT, readNanos, end);
        System.out.printf(
                "slots of the section in use: %.3f, from the first job on %.3f; in %s%n",
                used, ledger.utilisation(TYPE, LIMIT, span[0], end), Duration.ofNanos(span[1] - span[0]));
        assertThat(used).isGreaterThanOrEqualTo(BUSY);
    }

    /** From its first start to its last, by a sample of it. */
    private long[] spanOfTheFront(RequestLedger ledger) {
        int step = Math.max(1, front.size() / 2_000);
        List<String> ids = List.copyOf(front);
        long[] starts = IntStream.iterate(0, i -> i < ids.size(), i -> i + step)
                .mapToObj(i -> ledger.startsOf(ids.get(i)))
                .flatMapToLong(Arrays::stream)
                .sorted()
                .toArray();
        return new long[] {starts[0], starts[starts.length - 1]};
    }
}
