package org.mediawiki.jobqueue.loadtest.measure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * What the instances together took, four times a second. A thread of its own writes, whoever asks after {@link #end}
 * reads.
 */
final class Samples {

    private static final Duration INTERVAL = Duration.ofMillis(250);

    private final List<Sample> samples = new ArrayList<>();
    private final List<Instance> instances;
    private final LongSupplier produced;
    private final LongSupplier ledgerNanos;
    private final Thread thread = new Thread(this::run, "samples");

    Samples(List<Instance> instances, LongSupplier produced, LongSupplier ledgerNanos) {
        this.instances = instances;
        this.produced = produced;
        this.ledgerNanos = ledgerNanos;
        thread.setDaemon(true);
    }

    /**
     * One look.
     *
     * @param atNanos by the ledger's clock
     * @param cpu of all instances since their start
     * @param residentBytes of all instances
     * @param produced jobs
     */
    record Sample(long atNanos, Duration cpu, long residentBytes, long produced) {

        /** Before the first look. */
        static final Sample NONE = new Sample(Long.MIN_VALUE, Duration.ZERO, 0, 0);

        double residentMebibytes() {
            return residentBytes / (double) (1 << 20);
        }
    }

    void start() {
        thread.start();
    }

    void end() throws InterruptedException {
        thread.interrupt();
        thread.join();
    }

    List<Sample> all() {
        return samples;
    }

    private void run() {
        try {
            while (true) {
                look();
                Thread.sleep(INTERVAL.toMillis());
            }
        } catch (InterruptedException e) {
            look();
        }
    }

    private void look() {
        // Before the readings, each of which takes a moment.
        long at = ledgerNanos.getAsLong();
        Duration cpu = instances.stream().map(Instance::cpu).reduce(Duration.ZERO, Duration::plus);
        long resident = instances.stream().mapToLong(Instance::residentBytes).sum();
        samples.add(new Sample(at, cpu, resident, produced.getAsLong()));
    }
}
