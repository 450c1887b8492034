package org.mediawiki.jobqueue.loadtest.bench;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;
import org.mediawiki.jobqueue.loadtest.generate.JobEvent;
import org.mediawiki.jobqueue.loadtest.generate.JobEvents;
import org.mediawiki.jobqueue.loadtest.generate.JobProducer;
import org.mediawiki.jobqueue.loadtest.generate.JobShape;
import org.mediawiki.jobqueue.loadtest.standin.RequestLedger;

/** Jobs that wait and jobs that need not, of the same types, and when they started. Used by one thread. */
final class WaitingLoad implements AutoCloseable {

    private static final int BATCH = 5_000;
    private static final int TICKS_PER_SECOND = 20;
    private static final int LONGEST_DELAY_SECONDS = 7 * 24 * 3_600;
    private static final int SHORT_DELAY_SECONDS = 20;
    /** Times are told by two clocks, of which one may be corrected meanwhile. */
    private static final long CLOCK_MILLIS = 50;

    private static final Duration GRACE = Duration.ofSeconds(10);
    private static final List<String> TYPES =
            List.of("refreshLinks", "cdnPurge", "sendMail", "recentChangesUpdate", "wikibase-addUsagesForPage");

    private final JobEvents events = new JobEvents(1, Clock.systemUTC());
    private final Random random = new Random(1);
    private final JobProducer producer;
    private final RequestLedger ledger;
    private final int bytes;
    private final List<Timed> waiting = new ArrayList<>();
    private final List<Timed> finished = new ArrayList<>();
    private int early;

    WaitingLoad(String bootstrapServers, RequestLedger ledger, int bytes) {
        this.producer = new JobProducer(bootstrapServers, "eqiad");
        this.ledger = ledger;
        this.bytes = bytes;
    }

    /** A job that may start from {@code from} on. */
    private record Timed(String id, Instant from) {}

    /** Jobs that were produced together. */
    record Batch(List<Timed> immediate, List<Timed> delayed) {}

    /** How long after its time a job started. */
    record Delays(String immediate, String due) {}

    /**
     * What became of what should have run.
     *
     * @param jobs that were to run
     * @param notDone those of them that did not
     * @param moreThanOnce those that ran again, as what was in flight at a kill may
     * @param early that ran before their time, of those that were measured
     */
    record Account(int jobs, int notDone, int moreThanOnce, int early) {

        boolean isGood() {
            return notDone == 0 && early == 0;
        }

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%,d jobs were to run by now: %d did not, %d ran more than once, %d ran too early",
                    jobs,
                    notDone,
                    moreThanOnce,
                    early);
        }
    }

    /** Produces jobs of all types with delays of 1 s to 7 d, evenly spread. */
    void produceWaiting(int count) {
        for (int made = 0; made < count; made += BATCH) {
            List<JobEvent> batch = new ArrayList<>();
            for (int i = made; i < Math.min(count, made + BATCH); i++) {
                Instant due = wholeSecond(Instant.now().plusSeconds(1 + random.nextInt(LONGEST_DELAY_SECONDS)));
                JobEvent job = events.next(shape().withDelayUntil(due));
                batch.add(job);
                waiting.add(new Timed(job.id(), due));
            }
            producer.produce(batch);
        }
    }

    /** How many of those that wait will have become due by then. */
    long dueBy(Duration fromNow) {
        Instant then = Instant.now().plus(fromNow);
        return waiting.stream().filter(job -> job.from().isBefore(then)).count();
    }

    /** Produces at an even pace and says when the jobs started. */
    Delays measure(int immediateRate, int dueRate, Duration length) throws InterruptedException {
        Batch batch = produce(immediateRate, dueRate, length);
        TimeUnit.MILLISECONDS.sleep(
                Duration.ofSeconds(SHORT_DELAY_SECONDS).plus(GRACE).toMillis());
        return new Delays(summary(batch.immediate()), summary(batch.delayed()));
    }

    /** Produces at an even pace. */
    Batch produce(int immediateRate, int dueRate, Duration length) throws InterruptedException {
        List<Timed> immediate = new ArrayList<>();
        List<Timed> delayed = new ArrayList<>();
        long start = System.nanoTime();
        long ticks = length.toSeconds() * TICKS_PER_SECOND;
        for (long tick = 0; tick < ticks; tick++) {
            sleepUntil(start + tick * TimeUnit.SECONDS.toNanos(1) / TICKS_PER_SECOND);
            produceImmediate(share(immediateRate, tick), immediate);
            produceDelayed(share(dueRate, tick), delayed);
        }
        finished.addAll(immediate);
        finished.addAll(delayed);
        return new Batch(immediate, delayed);
    }

    /** What became of everything that should have run by now. */
    Account account() {
        Instant now = Instant.now().minus(GRACE);
        Set<String> expected = new HashSet<>();
        waiting.stream().filter(job -> job.from().isBefore(now)).forEach(job -> expected.add(job.id()));
        expected.addAll(finished.stream().map(Timed::id).collect(Collectors.toSet()));
        return new Account(
                expected.size(),
                ledger.notDone(expected).size(),
                ledger.ranMoreThanOnce().size(),
                early);
    }

    @Override
    public void close() {
        producer.close();
    }

    private void produceImmediate(int count, List<Timed> to) {
        List<JobEvent> jobs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            jobs.add(events.next(shape()));
        }
        Instant now = Instant.now();
        jobs.forEach(job -> to.add(new Timed(job.id(), now)));
        producer.produce(jobs);
    }

    private void produceDelayed(int count, List<Timed> to) {
        List<JobEvent> jobs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Instant due = wholeSecond(Instant.now().plusSeconds(1 + random.nextInt(SHORT_DELAY_SECONDS)));
            JobEvent job = events.next(shape().withDelayUntil(due));
            jobs.add(job);
            to.add(new Timed(job.id(), due));
        }
        producer.produce(jobs);
    }

    private JobShape shape() {
        int wiki = random.nextInt(100);
        return JobShape.of(TYPES.get(random.nextInt(TYPES.size())))
                .withWiki("wiki" + wiki, "wiki" + wiki + ".test")
                .withParamsBytes(bytes);
    }

    private String summary(List<Timed> jobs) {
        Histogram millis = new Histogram(3);
        int tooEarly = 0;
        int missing = 0;
        // In this order: where time goes by between the two, no job is taken for an early one.
        long nanos = ledger.nowNanos();
        Instant wall = Instant.now();
        for (Timed job : jobs) {
            long[] starts = ledger.startsOf(job.id());
            if (starts.length == 0) {
                missing++;
                continue;
            }
            long late = Duration.between(job.from(), wall.plusNanos(starts[0] - nanos))
                    .toMillis();
            tooEarly += late < -CLOCK_MILLIS ? 1 : 0;
            millis.recordValue(Math.max(0, late));
        }
        early += tooEarly;
        return String.format(
                Locale.ROOT,
                "%,d: p50 %d ms, p99 %d ms, max %d ms after their time; %d early, %d not yet",
                jobs.size(),
                millis.getValueAtPercentile(50),
                millis.getValueAtPercentile(99),
                millis.getMaxValue(),
                tooEarly,
                missing);
    }

    /** So that a rate below the ticks' comes out right as well. */
    private static int share(int perSecond, long tick) {
        return (int) ((tick + 1) * perSecond / TICKS_PER_SECOND - tick * perSecond / TICKS_PER_SECOND);
    }

    private static Instant wholeSecond(Instant at) {
        return Instant.ofEpochSecond(at.getEpochSecond());
    }

    private static void sleepUntil(long nanos) throws InterruptedException {
        long rest = nanos - System.nanoTime();
        if (rest > 0) {
            TimeUnit.NANOSECONDS.sleep(rest);
        }
    }
}
