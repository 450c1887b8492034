package org.mediawiki.jobqueue.loadtest.measure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;
import org.jspecify.annotations.Nullable;
import org.mediawiki.jobqueue.loadtest.report.Result;
import org.mediawiki.jobqueue.loadtest.scenario.Scenario;
import org.mediawiki.jobqueue.loadtest.standin.Spans;

/** Makes figures of what was seen. Pure. */
final class Evaluation {

    private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    private final Scenario scenario;
    private final Seen seen;
    private final Fates fates;
    private final long[] ends;
    private final Window window;

    /** The measured time. */
    private record Window(long from, long to) {

        double seconds() {
            return (to - from) / NANOS_PER_SECOND;
        }

        boolean contains(long nanos) {
            return nanos >= from && nanos <= to;
        }
    }

    Evaluation(Scenario scenario, Seen seen, Fates fates) {
        this.scenario = scenario;
        this.seen = seen;
        this.fates = fates;
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
        double cpuSeconds = seen.cpuSecondsAt(window.to()) - seen.cpuSecondsAt(window.from());
        double resident = seen.samples().stream()
                .mapToDouble(Samples.Sample::residentMebibytes)
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
        Requests requests = seen.requests();
        JobBook book = requests.book();
        requests.firstAttempts()
                .filter(row -> book.isTimed(requests.job(row)) && book.fromNanos(requests.job(row)) >= window.from())
                .forEach(row -> micros.recordValue(requests.waitedMicros(row)));
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
                    Spans spans = seen.requests().spans(List.of(type), seen.cuts());
                    Double utilisation = limit == null ? null : spans.utilisation(limit, window.from(), window.to());
                    return new Result.Type(type, limit, spans.most(), utilisation);
                })
                .toList();
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

    /** While something that is due waits, the time between two starts, or from the last to the end. */
    private long longestStandstill() {
        JobBook book = seen.requests().book();
        BitSet begun = new BitSet(book.size());
        long longest = 0;
        long last = window.from();
        for (int row = 0; row < seen.requests().size(); row++) {
            long start = seen.requests().start(row);
            long dueSince = book.fromNanos(seen.requests().job(row));
            if (window.contains(start)) {
                longest = Math.max(longest, start - Math.max(last, dueSince));
            }
            if (start <= window.to()) {
                last = Math.max(last, start);
                begun.set(seen.requests().job(row));
            }
        }
        longest = Math.max(longest, window.to() - Math.max(last, waitingSince(begun)));
        return TimeUnit.NANOSECONDS.toMillis(longest);
    }

    /** When the first came to be due of the jobs that have not begun; the end of the measured time where none waits. */
    private long waitingSince(BitSet begun) {
        JobBook book = seen.requests().book();
        long since = window.to();
        for (int job = begun.nextClearBit(0); job < book.size(); job = begun.nextClearBit(job + 1)) {
            if (book.isOwed(job)) {
                since = Math.min(since, book.fromNanos(job));
            }
        }
        return since;
    }
}
