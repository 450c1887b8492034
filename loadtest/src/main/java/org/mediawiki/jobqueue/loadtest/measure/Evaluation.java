package org.mediawiki.jobqueue.loadtest.measure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;
import org.jspecify.annotations.Nullable;
import org.mediawiki.jobqueue.loadtest.report.Result;
import org.mediawiki.jobqueue.loadtest.scenario.Disturbance;
import org.mediawiki.jobqueue.loadtest.scenario.EventSpec;
import org.mediawiki.jobqueue.loadtest.scenario.Expectations;
import org.mediawiki.jobqueue.loadtest.scenario.Scenario;
import org.mediawiki.jobqueue.loadtest.standin.Spans;

/** Makes figures of what was seen. Pure. */
final class Evaluation {

    private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final double BYTES_PER_MEBIBYTE = 1 << 20;

    private final Scenario scenario;
    private final Seen seen;
    private final Fates fates;
    private final long[] ends;
    private final Window window;

    /**
     * What was seen of a trial.
     *
     * @param startNanos when the first process was started
     * @param beginNanos when the load began
     * @param leftOut why no disk could be full; empty where one could
     * @param endNanos when it was over, the drain included
     * @param refused jobs that Kafka did not take
     */
    record Seen(
            Requests requests,
            List<Samples.Sample> samples,
            List<Disturbances.Cut> cuts,
            List<String> failures,
            Optional<String> leftOut,
            long startNanos,
            long beginNanos,
            long endNanos,
            long refused) {}

    /** The measured time. */
    private record Window(long from, long to) {

        double seconds() {
            return (to - from) / NANOS_PER_SECOND;
        }

        boolean contains(long nanos) {
            return nanos >= from && nanos <= to;
        }
    }

    Evaluation(Scenario scenario, Seen seen) {
        this.scenario = scenario;
        this.seen = seen;
        this.fates = new Fates(seen.requests(), seen.cuts(), scenario.expect().window());
        this.ends = seen.requests().sortedEnds();
        this.window = window();
    }

    Result.Counts counts() {
        return new Result.Counts(
                seen.requests().book().size(),
                seen.requests().size(),
                fates.notDone(owedNanos()),
                fates.repeated(),
                fates.repeatedWithoutCause(),
                seen.refused());
    }

    Result.Steady steady() {
        long ended = Arrays.stream(ends).filter(window::contains).count();
        double cpuSeconds = cpuSecondsAt(window.to()) - cpuSecondsAt(window.from());
        double resident = seen.samples().stream()
                .mapToDouble(sample -> sample.residentBytes() / BYTES_PER_MEBIBYTE)
                .max()
                .orElse(0);
        return new Result.Steady(
                window.seconds(),
                ended / window.seconds(),
                ended == 0 ? 0 : cpuSeconds * 1e6 / ended,
                cpuSeconds / window.seconds(),
                resident,
                startToFirstJob(),
                longestStandstill());
    }

    Result.@Nullable Latency latency() {
        Histogram micros = new Histogram(3);
        JobBook book = seen.requests().book();
        boolean[] started = new boolean[book.size()];
        for (int row = 0; row < seen.requests().size(); row++) {
            int job = seen.requests().job(row);
            if (!started[job] && book.isTimed(job) && book.fromNanos(job) >= window.from()) {
                micros.recordValue(Math.max(0, (seen.requests().start(row) - book.fromNanos(job)) / 1_000));
            }
            started[job] = true;
        }
        if (micros.getTotalCount() == 0) {
            return null;
        }
        List<Result.Latency.Point> curve = new ArrayList<>();
        for (HistogramIterationValue value : micros.percentiles(4)) {
            curve.add(new Result.Latency.Point(value.getPercentile(), value.getValueIteratedTo() / 1e3));
        }
        return new Result.Latency(
                micros.getTotalCount(),
                micros.getValueAtPercentile(50) / 1e3,
                micros.getValueAtPercentile(90) / 1e3,
                micros.getValueAtPercentile(99) / 1e3,
                micros.getValueAtPercentile(99.9) / 1e3,
                micros.getMaxValue() / 1e3,
                curve);
    }

    List<Result.Type> types() {
        return seen.requests().types().stream()
                .map(type -> {
                    Integer limit = scenario.dispatcher().limitOf(type).orElse(null);
                    Spans spans = seen.requests().spans(type, seen.cuts());
                    Double utilisation = limit == null ? null : spans.utilisation(limit, window.from(), window.to());
                    return new Result.Type(type, limit, spans.most(), utilisation);
                })
                .toList();
    }

    List<Result.Second> seconds() {
        TreeMap<Long, Tick> ticks = new TreeMap<>();
        for (long second = secondOf(seen.startNanos()); second <= secondOf(seen.endNanos()); second++) {
            ticks.put(second, new Tick());
        }
        JobBook book = seen.requests().book();
        for (int row = 0; row < seen.requests().size(); row++) {
            int job = seen.requests().job(row);
            Tick start = ticks.get(secondOf(seen.requests().start(row)));
            if (start != null) {
                start.began++;
                if (book.isTimed(job)) {
                    start.micros.recordValue(Math.max(0, (seen.requests().start(row) - book.fromNanos(job)) / 1_000));
                }
            }
            Tick end = ticks.get(secondOf(seen.requests().end(row)));
            if (end != null) {
                end.ended++;
            }
        }
        List<Result.Second> seconds = new ArrayList<>();
        int inFlight = 0;
        for (var entry : ticks.entrySet()) {
            Tick tick = entry.getValue();
            inFlight += tick.began - tick.ended;
            seconds.add(tick.told(entry.getKey(), inFlight));
        }
        return seconds;
    }

    List<Result.Check> checks(List<Result.Type> types, Result.@Nullable Latency latency) {
        Expectations expect = scenario.expect();
        List<Result.Check> checks = new ArrayList<>();
        long notDone = fates.notDone(owedNanos());
        if (expect.allDone()) {
            checks.add(new Result.Check("every job that was due is done", notDone == 0, notDone + " are not"));
        }
        long repeated = fates.repeatedWithoutCause();
        checks.add(new Result.Check(
                "nothing ran twice but what was in flight at a kill, or had ended "
                        + expect.window().toMillis() + " ms before",
                repeated == 0,
                repeated + " did, " + fates.repeated() + " with those"
                        + (repeated == 0 ? "" : ": " + fates.examples(seen.beginNanos()))));
        long early = new EarlyStarts(seen.requests(), scenario.events(), seen.beginNanos()).count();
        checks.add(new Result.Check(
                "nothing began before its time but by a clock that was ahead", early == 0, early + " did"));
        if (expect.oncePerId()) {
            long more = fates.ranMoreThanOnce();
            checks.add(new Result.Check("what is sent twice runs once", more == 0, more + " ran more than once"));
        }
        types.stream()
                .filter(type -> type.limit() != null)
                .forEach(type -> checks.add(new Result.Check(
                        "no more than " + type.limit() + " of " + type.name() + " at once",
                        type.mostAtOnce() <= type.limit(),
                        type.mostAtOnce() + " at the most")));
        for (EventSpec event : scenario.events()) {
            if (event.what() instanceof Disturbance.Limit limit) {
                checks.add(changedLimit(event, limit));
            }
        }
        Double least = expect.utilisation();
        if (least != null) {
            types.stream()
                    .filter(type -> type.utilisation() != null)
                    .forEach(type -> checks.add(new Result.Check(
                            percent(least) + " of the slots of " + type.name() + " are busy",
                            type.utilisation() >= least,
                            percent(type.utilisation()))));
        }
        Duration p99 = expect.p99();
        if (p99 != null) {
            double found = latency == null ? Double.POSITIVE_INFINITY : latency.p99();
            checks.add(new Result.Check(
                    "99 of 100 jobs start within " + p99.toMillis() + " ms",
                    found <= p99.toMillis(),
                    String.format(Locale.ROOT, "%.1f ms", found)));
        }
        seen.failures().forEach(failure -> checks.add(new Result.Check("every event happened", false, failure)));
        seen.leftOut()
                .ifPresent(why -> checks.add(
                        new Result.Check("left out: a full disk, which this machine does not allow", true, why)));
        return checks;
    }

    /** What runs already goes on; from when it holds, nothing begins beyond it. */
    private Result.Check changedLimit(EventSpec event, Disturbance.Limit limit) {
        Duration holdsFrom = event.at().plus(Contender.LIMIT_HOLDS_WITHIN);
        int most = seen.requests()
                .spans(limit.type(), seen.cuts())
                .mostAtStarts(
                        seen.beginNanos() + holdsFrom.toNanos(),
                        seen.beginNanos() + event.end().toNanos());
        return new Result.Check(
                "no more than " + limit.concurrency() + " of " + limit.type() + " at once from " + holdsFrom.toSeconds()
                        + " s to " + event.end().toSeconds() + " s",
                most <= limit.concurrency(),
                most + " at the most");
    }

    private Window window() {
        long from = seen.beginNanos() + scenario.warmUp().time().toNanos();
        int warm = (int) Math.min(scenario.warmUp().jobs(), ends.length);
        if (warm > 0) {
            from = Math.max(from, ends[warm - 1]);
        } else if (scenario.warmUp().time().isZero() && seen.requests().size() > 0) {
            from = seen.requests().start(0);
        }
        Duration load = scenario.loadLength();
        long to = seen.beginNanos() + load.toNanos();
        if (load.isZero()) {
            // The last slots of a backlog empty one by one, which is no fault of the dispatcher.
            int last = ends.length - 1 - scenario.dispatcher().sumOfLimits();
            to = last >= 0 ? ends[last] : seen.endNanos();
        }
        return new Window(from, Math.max(to, from + 1));
    }

    /** Whatever is due by then must be done in the end. */
    private long owedNanos() {
        return seen.beginNanos() + scenario.loadLength().toNanos();
    }

    private long startToFirstJob() {
        return seen.requests().size() == 0
                ? 0
                : TimeUnit.NANOSECONDS.toMillis(seen.requests().start(0) - seen.startNanos());
    }

    /** While something that is due waits, the time between two starts. */
    private long longestStandstill() {
        JobBook book = seen.requests().book();
        long longest = 0;
        long last = window.from();
        for (int row = 0; row < seen.requests().size(); row++) {
            long start = seen.requests().start(row);
            long dueSince = book.fromNanos(seen.requests().job(row));
            if (window.contains(start)) {
                longest = Math.max(longest, start - Math.max(last, dueSince));
            }
            last = Math.max(last, start);
        }
        return TimeUnit.NANOSECONDS.toMillis(longest);
    }

    /** Between two looks it is taken to have grown evenly. */
    private double cpuSecondsAt(long nanos) {
        Samples.@Nullable Sample before = null;
        for (Samples.Sample sample : seen.samples()) {
            if (sample.atNanos() >= nanos) {
                return before == null ? seconds(sample.cpu()) : between(before, sample, nanos);
            }
            before = sample;
        }
        return before == null ? 0 : seconds(before.cpu());
    }

    private static double between(Samples.Sample one, Samples.Sample other, long nanos) {
        double part = (nanos - one.atNanos()) / (double) (other.atNanos() - one.atNanos());
        return seconds(one.cpu()) + part * (seconds(other.cpu()) - seconds(one.cpu()));
    }

    private long secondOf(long nanos) {
        return Math.floorDiv(nanos - seen.beginNanos(), TimeUnit.SECONDS.toNanos(1));
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / NANOS_PER_SECOND;
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", share * 100);
    }

    /** A second that is being counted. */
    private final class Tick {

        private final Histogram micros = new Histogram(2);
        private int began;
        private int ended;

        Result.Second told(long second, int inFlight) {
            long from = seen.beginNanos() + TimeUnit.SECONDS.toNanos(second);
            long to = from + TimeUnit.SECONDS.toNanos(1);
            boolean any = micros.getTotalCount() > 0;
            return new Result.Second(
                    second,
                    producedAt(to) - producedAt(from),
                    ended,
                    inFlight,
                    any ? micros.getValueAtPercentile(50) / 1e3 : null,
                    any ? micros.getValueAtPercentile(99) / 1e3 : null,
                    cpuSecondsAt(to) - cpuSecondsAt(from),
                    residentAt(to));
        }

        private long producedAt(long nanos) {
            return lastBefore(nanos).produced();
        }

        private double residentAt(long nanos) {
            return lastBefore(nanos).residentBytes() / BYTES_PER_MEBIBYTE;
        }

        private Samples.Sample lastBefore(long nanos) {
            Samples.Sample last = Samples.Sample.NONE;
            for (Samples.Sample sample : seen.samples()) {
                if (sample.atNanos() > nanos) {
                    break;
                }
                last = sample;
            }
            return last;
        }
    }
}
