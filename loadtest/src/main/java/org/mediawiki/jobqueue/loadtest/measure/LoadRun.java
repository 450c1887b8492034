package org.mediawiki.jobqueue.loadtest.measure;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.mediawiki.jobqueue.loadtest.scenario.Disturbance;
import org.mediawiki.jobqueue.loadtest.scenario.EventSpec;
import org.mediawiki.jobqueue.loadtest.scenario.Scenario;
import org.mediawiki.jobqueue.loadtest.standin.RequestLedger;

/**
 * The load of one trial, from the first job that is produced to the last that is waited for; tells how it goes. One thread, but
 * for {@link #produced}.
 */
final class LoadRun {

    private static final Duration LOOK = Duration.ofMillis(200);

    /** When a session has ended, a job may come again, and once more when it is retried. */
    private static final Duration SESSION_AND_RETRY = Duration.ofSeconds(10);

    private final Scenario scenario;
    private final Generator generator;
    private final RequestLedger ledger;
    private final JobBook book;
    private final Trial.Progress progress;

    LoadRun(Scenario scenario, Generator generator, RequestLedger ledger, JobBook book, Trial.Progress progress) {
        this.scenario = scenario;
        this.generator = generator;
        this.ledger = ledger;
        this.book = book;
        this.progress = progress;
    }

    /** How many jobs were produced so far. Any thread. */
    long produced() {
        return generator.produced();
    }

    /** What the runner has seen so far of the jobs that were produced. */
    Requests requests() {
        return Requests.read(ledger, book);
    }

    /** What is in Kafka before anybody reads: a job of each type, and the backlog. */
    void produceBefore() {
        generator.produceHeralds(scenario.typesAtFirst());
        generator.produceBacklog(scenario.load(), () -> tell(0));
    }

    /**
     * A stream that begins before anybody listens would measure the start of a JVM.
     *
     * @param start when the instances were started, by the ledger's clock, as all that follows
     */
    void awaitHeralds(Instances instances, long start) throws InterruptedException {
        int heralds = Math.max(1, scenario.typesAtFirst().size());
        long patience = start + scenario.dispatcher().startPatience().toNanos();
        while (ledger.nowNanos() < patience && ledger.count() < heralds) {
            instances.requireAnyRunning();
            tellAndPause(0);
        }
    }

    /** Produces the streams, and returns when the load ends. */
    void produce(long begin) throws InterruptedException {
        Producing producing = Producing.start(() -> generator.produceStreams(scenario.load(), begin));
        try {
            while (producing.isUnderWay() || ledger.nowNanos() < loadEnd(begin)) {
                if (!producing.isUnderWay()) {
                    producing.requireAll();
                }
                tellAndPause(begin);
            }
        } finally {
            producing.end();
        }
        producing.requireAll();
    }

    /** Until every job that was due when the load ended is done and none comes again, or the patience is over. */
    void drain(long begin) throws InterruptedException {
        long loadEnd = loadEnd(begin);
        long deadline = ledger.nowNanos() + scenario.drain().toNanos();
        long owed = book.dueBy(loadEnd) - book.refused();
        while (ledger.nowNanos() < deadline) {
            // Before, it cannot be; and to look costs the ledger, which is at work.
            boolean possible = ledger.count() - ledger.inFlight() >= owed;
            if (possible && new Fates(requests(), List.of(), Duration.ZERO).notDone(loadEnd) == 0) {
                awaitRepetitions(begin);
                return;
            }
            tellAndPause(begin);
        }
    }

    /** Where nothing was done to an instance or a broker, none is to be expected. */
    private void awaitRepetitions(long begin) throws InterruptedException {
        Stream<Disturbance> events = scenario.events().stream().map(EventSpec::what);
        if (events.noneMatch(what -> what instanceof Disturbance.OfInstance || what instanceof Disturbance.OfBroker)) {
            return;
        }
        long until = ledger.nowNanos() + SESSION_AND_RETRY.toNanos();
        while (ledger.nowNanos() < until) {
            tellAndPause(begin);
        }
    }

    private long loadEnd(long begin) {
        return begin + scenario.loadLength().toNanos();
    }

    private void tellAndPause(long begin) throws InterruptedException {
        tell(begin);
        TimeUnit.NANOSECONDS.sleep(LOOK.toNanos());
    }

    private void tell(long begin) {
        int inFlight = ledger.inFlight();
        progress.at(
                Duration.ofNanos(ledger.nowNanos() - begin), generator.produced(), ledger.count() - inFlight, inFlight);
    }
}
