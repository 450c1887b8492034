package org.mediawiki.jobqueue.loadtest.measure;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import org.mediawiki.jobqueue.loadtest.standin.RecordedRequest.Ending;
import org.mediawiki.jobqueue.loadtest.standin.RequestLedger;
import org.mediawiki.jobqueue.loadtest.standin.Spans;

/** What the runner saw of the jobs in a book, in columns, in the order of arrival. Immutable. */
final class Requests {

    private final JobBook book;
    private final List<String> types;
    private final List<String> typeNames;
    private final int size;
    private final int[] typeNumbers;
    private final int[] jobs;
    private final int[] instances;
    private final long[] starts;
    private final long[] ends;
    private final Fate[] fates;

    /** What a request did to its job, as far as can be told. */
    private enum Fate {
        /** Answered with 2xx. */
        DONE,
        /** Answered otherwise, or with 2xx and the news that it had failed, or cut as the stand-in was told. */
        FAILED,
        /** The client hung up, or it is under way: the job may run. */
        UNKNOWN;

        static Fate of(Ending ending) {
            return switch (ending.outcome()) {
                case ANSWERED -> ending.status() / 100 == 2 ? DONE : FAILED;
                case CUT, LIED -> FAILED;
                case GONE, OPEN -> UNKNOWN;
            };
        }
    }

    private Requests(Builder builder) {
        this.book = builder.book;
        this.types = builder.types.keySet().stream().sorted().toList();
        this.typeNames = List.copyOf(builder.types.keySet());
        this.typeNumbers = builder.typeNumbers;
        this.size = builder.size;
        this.jobs = builder.jobs;
        this.instances = builder.instances;
        this.starts = builder.starts;
        this.ends = builder.ends;
        this.fates = builder.fates;
    }

    /** Reads the ledger. */
    static Requests read(RequestLedger ledger, JobBook book) {
        Builder builder = new Builder(book);
        Map<String, Integer> instances = new HashMap<>();
        ledger.forEach((sent, start, end, ending) -> {
            int instance = instances.computeIfAbsent(sent.client(), Contender::instanceNamed);
            builder.add(sent.id(), sent.type(), instance, start, end, ending);
        });
        return builder.build();
    }

    JobBook book() {
        return book;
    }

    /** The job types that came, in order. */
    List<String> types() {
        return types;
    }

    int size() {
        return size;
    }

    /** The number of the job in the book. */
    int job(int row) {
        return jobs[row];
    }

    /** Which instance sent it; {@link Contender#UNKNOWN} where it does not say. */
    int instance(int row) {
        return instances[row];
    }

    String type(int row) {
        return typeNames.get(typeNumbers[row]);
    }

    long start(int row) {
        return starts[row];
    }

    /** {@link Long#MAX_VALUE} while it is under way. */
    long end(int row) {
        return ends[row];
    }

    /** From when the job was to be produced, or was due, to the request; 0 where a clock says that it came before. */
    long waitedMicros(int row) {
        return Math.max(0, (starts[row] - book.fromNanos(jobs[row])) / 1_000);
    }

    /** The rows that are the first of their jobs, in order. */
    IntStream firstAttempts() {
        BitSet begun = new BitSet(book.size());
        int[] rows = new int[size];
        int count = 0;
        for (int row = 0; row < size; row++) {
            if (!begun.get(jobs[row])) {
                begun.set(jobs[row]);
                rows[count++] = row;
            }
        }
        return Arrays.stream(rows, 0, count);
    }

    /** Answered with 2xx. */
    boolean isDone(int row) {
        return fates[row] == Fate.DONE;
    }

    /** The job did not run: another attempt is no repetition. */
    boolean isFailed(int row) {
        return fates[row] == Fate.FAILED;
    }

    /**
     * When requests of these job types were under way. Those of an instance that was cut then end there: nobody can count them
     * from then on.
     */
    Spans spans(Collection<String> ofTypes, List<Disturbances.Cut> cuts) {
        Set<String> wanted = Set.copyOf(ofTypes);
        int[] rows = IntStream.range(0, size)
                .filter(row -> wanted.contains(type(row)))
                .toArray();
        return new Spans(
                Arrays.stream(rows).mapToLong(this::start).toArray(),
                Arrays.stream(rows).mapToLong(row -> endOrCut(row, cuts)).toArray());
    }

    private long endOrCut(int row, List<Disturbances.Cut> cuts) {
        return cuts.stream()
                .filter(cut -> cut.isOf(instance(row)) && cut.hit(start(row), end(row)))
                .mapToLong(Disturbances.Cut::fromNanos)
                .min()
                .orElse(end(row));
    }

    /** When requests of a job type began. */
    long[] starts(String type) {
        return IntStream.range(0, size)
                .filter(row -> type(row).equals(type))
                .mapToLong(this::start)
                .toArray();
    }

    /** When requests ended that have ended, in order. */
    long[] sortedEnds() {
        return Arrays.stream(ends, 0, size)
                .filter(end -> end != Long.MAX_VALUE)
                .sorted()
                .toArray();
    }

    /** Fills the columns. */
    static final class Builder {

        private final JobBook book;
        private final Map<String, Integer> types = new LinkedHashMap<>();
        private int size;
        private int[] jobs = new int[1024];
        private int[] instances = new int[1024];
        private int[] typeNumbers = new int[1024];
        private long[] starts = new long[1024];
        private long[] ends = new long[1024];
        private Fate[] fates = new Fate[1024];

        Builder(JobBook book) {
            this.book = book;
        }

        /** Adds a request; nothing happens where its job is not in the book. See {@link RequestLedger.Visitor}, and {@link Requests#instance}. */
        void add(String id, String type, int instance, long startNanos, long endNanos, Ending ending) {
            OptionalInt job = book.find(id);
            if (job.isEmpty()) {
                return;
            }
            if (size == jobs.length) {
                grow();
            }
            typeNumbers[size] = types.computeIfAbsent(type, name -> types.size());
            jobs[size] = job.getAsInt();
            instances[size] = instance;
            starts[size] = startNanos;
            ends[size] = endNanos;
            fates[size] = Fate.of(ending);
            size++;
        }

        Requests build() {
            return new Requests(this);
        }

        private void grow() {
            int length = size * 2;
            jobs = Arrays.copyOf(jobs, length);
            instances = Arrays.copyOf(instances, length);
            typeNumbers = Arrays.copyOf(typeNumbers, length);
            starts = Arrays.copyOf(starts, length);
            ends = Arrays.copyOf(ends, length);
            fates = Arrays.copyOf(fates, length);
        }
    }
}
