package org.mediawiki.jobqueue.loadtest.measure;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.mediawiki.jobqueue.loadtest.report.Result;

/** The course of a trial, second by second. Pure. */
final class Seconds {

    private final Seen seen;
    private final TreeMap<Long, Tick> ticks = new TreeMap<>();

    /** A second that is being counted. */
    private static final class Tick {

        private final Histogram micros = new Histogram(2);
        private int began;
        private int ended;
    }

    Seconds(Seen seen) {
        this.seen = seen;
        for (long second = secondOf(seen.startNanos()); second <= secondOf(seen.endNanos()); second++) {
            ticks.put(second, new Tick());
        }
        for (int row = 0; row < seen.requests().size(); row++) {
            count(row);
        }
        seen.requests().firstAttempts().forEach(this::addWait);
    }

    /** From the start of the first process to the end of the drain; those before the load have negative numbers. */
    List<Result.Second> all() {
        List<Result.Second> seconds = new ArrayList<>();
        int inFlight = 0;
        for (Map.Entry<Long, Tick> tick : ticks.entrySet()) {
            inFlight += tick.getValue().began - tick.getValue().ended;
            seconds.add(told(tick.getKey(), tick.getValue(), inFlight));
        }
        return seconds;
    }

    private void count(int row) {
        Requests requests = seen.requests();
        Tick start = ticks.get(secondOf(requests.start(row)));
        if (start != null) {
            start.began++;
        }
        Tick end = ticks.get(secondOf(requests.end(row)));
        if (end != null) {
            end.ended++;
        }
    }

    /** A retry has not waited since its job was produced. */
    private void addWait(int row) {
        Requests requests = seen.requests();
        Tick start = ticks.get(secondOf(requests.start(row)));
        if (start != null && requests.book().isTimed(requests.job(row))) {
            start.micros.recordValue(requests.waitedMicros(row));
        }
    }

    private Result.Second told(long second, Tick tick, int inFlight) {
        long from = seen.beginNanos() + TimeUnit.SECONDS.toNanos(second);
        long to = from + TimeUnit.SECONDS.toNanos(1);
        boolean any = tick.micros.getTotalCount() > 0;
        return new Result.Second(
                second,
                seen.lastBefore(to).produced() - seen.lastBefore(from).produced(),
                tick.ended,
                inFlight,
                any ? tick.micros.getValueAtPercentile(50) / 1e3 : null,
                any ? tick.micros.getValueAtPercentile(99) / 1e3 : null,
                seen.cpuSecondsAt(to) - seen.cpuSecondsAt(from),
                seen.lastBefore(to).residentMebibytes());
    }

    private long secondOf(long nanos) {
        return Math.floorDiv(nanos - seen.beginNanos(), TimeUnit.SECONDS.toNanos(1));
    }
}
