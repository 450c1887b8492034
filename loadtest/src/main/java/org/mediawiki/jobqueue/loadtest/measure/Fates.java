package org.mediawiki.jobqueue.loadtest.measure;

import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What became of every job in the book. Pure. */
final class Fates {

    private static final int MOST_EXAMPLES = 5;

    /** A request may have left before and arrive a moment later. */
    private static final long IN_SOCKETS_NANOS = Duration.ofMillis(100).toNanos();

    private final Requests requests;
    private final JobBook book;

    /** How often each job ran, as far as can be told: failed requests did not run it. */
    private final int[] runs;

    /**
     * How many of its requests were cut with the instance that had sent them, or ended shortly before: of a failed one the retry
     * may come twice.
     */
    private final int[] excused;

    private final BitSet done = new BitSet();

    /**
     * @param cuts the moments at which processes were cut
     * @param window what ended so shortly before one may run again
     */
    Fates(Requests requests, List<Disturbances.Cut> cuts, Duration window) {
        this.requests = requests;
        this.book = requests.book();
        this.runs = new int[book.size()];
        this.excused = new int[book.size()];
        for (int row = 0; row < requests.size(); row++) {
            int job = requests.job(row);
            done.set(job, requests.isDone(row) || done.get(job));
            runs[job] += requests.isFailed(row) ? 0 : 1;
            excused[job] += isExcused(requests, row, cuts, window.toNanos()) ? 1 : 0;
        }
        for (int job = 0; job < excused.length; job++) {
            excused[job] += wasBeingScheduled(job, cuts, window.toNanos()) ? 1 : 0;
        }
    }

    /** Jobs that Kafka took, were due by {@code nanos}, and are not done. */
    long notDone(long nanos) {
        return count(job -> book.fromNanos(job) <= nanos && !done.get(job) && book.isOwed(job));
    }

    /** Jobs that ran more often than they were sent. */
    long repeated() {
        return count(job -> runs[job] > book.copies(job));
    }

    /** Those of the repeated jobs that ran more often than a cut of a process explains. */
    long repeatedWithoutCause() {
        return count(job -> runs[job] - book.copies(job) > excused[job]);
    }

    /** The runs of a few of those, in seconds since {@code beginNanos}, for whoever looks for the cause. */
    String examples(long beginNanos) {
        return IntStream.range(0, runs.length)
                .filter(job -> runs[job] - book.copies(job) > excused[job])
                .limit(MOST_EXAMPLES)
                .mapToObj(job -> book.id(job) + " " + runsOf(job, beginNanos))
                .collect(Collectors.joining("; "));
    }

    private List<String> runsOf(int job, long beginNanos) {
        return IntStream.range(0, requests.size())
                .filter(row -> requests.job(row) == job)
                .mapToObj(row -> String.format(
                        Locale.ROOT,
                        "%s %.2f-%.2f%s",
                        requests.type(row),
                        (requests.start(row) - beginNanos) / 1e9,
                        (requests.end(row) - beginNanos) / 1e9,
                        requests.isFailed(row) ? " failed" : ""))
                .toList();
    }

    /** Jobs that ran more than once, however often they were sent. */
    long ranMoreThanOnce() {
        return count(job -> runs[job] > 1);
    }

    private long count(IntPredicate wanted) {
        return IntStream.range(0, runs.length).filter(wanted).count();
    }

    /**
     * Who was cut off may have read it and not yet said so; written later, it waits beside what its next owner made of it. Which
     * instance had read it is not known, so each that was cut may be it; where runners refuse, none is.
     */
    private boolean wasBeingScheduled(int job, List<Disturbances.Cut> cuts, long windowNanos) {
        return cuts.stream()
                .filter(cut -> cut.instance() != Contender.UNKNOWN)
                .anyMatch(cut ->
                        book.isDelayedAndSent(job, cut.fromNanos() - windowNanos, cut.fromNanos() + windowNanos));
    }

    private static boolean isExcused(Requests requests, int row, List<Disturbances.Cut> cuts, long windowNanos) {
        return cuts.stream()
                .filter(cut -> cut.isOf(requests.instance(row)))
                .anyMatch(cut -> requests.start(row) <= cut.startsUntilNanos() + IN_SOCKETS_NANOS
                        && requests.end(row) >= cut.fromNanos() - windowNanos);
    }
}
