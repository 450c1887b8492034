package org.mediawiki.jobqueue.loadtest.measure;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.mediawiki.jobqueue.changeprop.embedded.EmbeddedKafkaOptions;
import org.mediawiki.jobqueue.changeprop.embedded.FreePorts;
import org.mediawiki.jobqueue.loadtest.generate.JobProducer;
import org.mediawiki.jobqueue.loadtest.report.Result;
import org.mediawiki.jobqueue.loadtest.scenario.Disturbance;
import org.mediawiki.jobqueue.loadtest.scenario.EventSpec;
import org.mediawiki.jobqueue.loadtest.scenario.Scenario;
import org.mediawiki.jobqueue.loadtest.standin.RequestLedger;
import org.mediawiki.jobqueue.loadtest.standin.StandInOptions;
import org.mediawiki.jobqueue.loadtest.standin.StandInRunner;

/** One contender, one scenario, once; with a Kafka and a runner of its own, so that trials leave each other nothing. */
public final class Trial {

    private static final String DC = "eqiad";
    private static final Duration LOOK = Duration.ofMillis(200);
    private static final Duration SESSION_AND_RETRY = Duration.ofSeconds(10);

    private final Setup setup;
    private final Progress progress;

    /**
     * What is tried.
     *
     * @param name the scenario's
     * @param round which of several trials of the same kind, from 1; also the seed of the load
     * @param folder where everything is kept; empty
     * @param jvmOptions for contenders that are Java programs
     */
    public record Setup(
            String name, Scenario scenario, Contender contender, int round, Path folder, List<String> jvmOptions) {}

    /** Is told how it goes, a few times a second: how long the load lasts or, before it, all that comes before. */
    @FunctionalInterface
    public interface Progress {
        void at(Duration elapsed, long produced, long ended, int inFlight);
    }

    public Trial(Setup setup, Progress progress) {
        this.setup = setup;
        this.progress = progress;
    }

    /**
     * Carries it out; takes as long as the scenario does.
     *
     * @throws IOException where files cannot be written or processes not be started
     */
    public Result run() throws IOException, InterruptedException {
        Scenario scenario = setup.scenario();
        EmbeddedKafkaOptions options =
                EmbeddedKafkaOptions.in(setup.folder().resolve("kafka")).withBrokers(scenario.brokers());
        StandInOptions standIn = StandInOptions.defaults()
                .withHttp2(scenario.runner().http2())
                .withEventLoops(scenario.runner().eventLoops())
                .withDetail(RequestLedger.Detail.LIGHT);
        int instances = mostInstances(scenario);
        boolean partitioned =
                scenario.events().stream().anyMatch(event -> event.what() instanceof Disturbance.Disconnect);
        try (Passages passages = new Passages(partitioned ? instances : 0, scenario.brokers());
                Machines machines = Machines.of(scenario, setup.contender(), setup.folder());
                Cluster kafka = Cluster.of(scenario, passages.on(options));
                StandInRunner runner = StandInRunner.start(standIn);
                JobProducer producer = JobProducer.prompt(kafka.bootstrapServers(), DC)) {
            passages.open();
            Disturbances.lay(runner, scenario.runner().rules());
            JobBook book = new JobBook();
            Generator generator = new Generator(producer, book, runner.ledger()::nowNanos, setup.round());
            generator.produceHeralds(scenario.typesAtFirst());
            generator.produceBacklog(scenario.load(), () -> tell(generator, runner.ledger(), 0));
            Grounds grounds = new Grounds(kafka, passages, machines, runner);
            List<Integer> adminPorts = new FreePorts(new SecureRandom()).find(instances);
            return within(
                    new Surroundings(instances(adminPorts, grounds), metricsOf(adminPorts), grounds), generator, book);
        }
    }

    /** What instances stand on, and between. */
    record Grounds(Cluster kafka, Passages passages, Machines machines, StandInRunner runner) {}

    /** Everything that something can be done to. */
    record Surroundings(List<Instance> instances, List<URI> metrics, Grounds grounds) {}

    private Result within(Surroundings surroundings, Generator generator, JobBook book)
            throws IOException, InterruptedException {
        Scenario scenario = setup.scenario();
        List<Instance> instances = surroundings.instances();
        RequestLedger ledger = surroundings.grounds().runner().ledger();
        Instant at = Instant.now();
        Samples samples = new Samples(instances, generator::produced, ledger::nowNanos);
        Accounts accounts = new Accounts(surroundings.metrics());
        Disturbances disturbances = new Disturbances(
                scenario, surroundings, new Settings(setup.contender(), setup.folder(), instances.size()));
        try {
            long start = ledger.nowNanos();
            for (int i = 0; i < scenario.dispatcher().instances(); i++) {
                instances.get(i).start();
            }
            samples.start();
            if (scenario.expect().accounts()) {
                accounts.start();
            }
            awaitHeralds(generator, ledger, instances, start);
            long begin = ledger.nowNanos();
            disturbances.start(begin);
            produce(generator, ledger, begin);
            long loadEnd = begin + setup.scenario().loadLength().toNanos();
            if (scenario.expect().allDone()) {
                drain(ledger, book, generator, begin, loadEnd);
            }
            disturbances.end();
            samples.end();
            accounts.end();
            long end = ledger.nowNanos();
            Requests requests = Requests.read(ledger, book);
            endAll(instances);
            Seen seen = new Seen(
                    requests,
                    samples.all(),
                    disturbances.cuts(),
                    disturbances.failures(),
                    surprises(surroundings),
                    accounts.tally(),
                    surroundings.grounds().machines().leftOut(),
                    start,
                    begin,
                    end);
            return result(at, seen);
        } finally {
            disturbances.end();
            samples.end();
            accounts.end();
            endAll(instances);
        }
    }

    private static void endAll(List<Instance> instances) throws InterruptedException {
        for (Instance instance : instances) {
            instance.end();
        }
    }

    private List<Instance> instances(List<Integer> adminPorts, Grounds grounds) throws IOException {
        Scenario scenario = setup.scenario();
        StandInRunner runner = grounds.runner();
        Machines machines = grounds.machines();
        List<Instance> instances = new ArrayList<>();
        for (int i = 0; i < adminPorts.size(); i++) {
            List<String> jvmOptions = new ArrayList<>(setup.jvmOptions());
            jvmOptions.addAll(machines.jvmOptions(i));
            Course course = new Course(
                    grounds.passages().bootstrapServers(i, grounds.kafka()),
                    DC,
                    scenario.types(),
                    runner.rpcUri(),
                    runner.caFile(),
                    setup.folder(),
                    adminPorts.get(i),
                    scenario.dispatcher(),
                    jvmOptions);
            instances.add(new Instance(
                    machines.around(i, setup.contender().command(course, i)),
                    setup.folder().resolve("instance-" + i + ".log")));
        }
        return instances;
    }

    private static int mostInstances(Scenario scenario) {
        return scenario.events().stream()
                .mapToInt(Trial::instanceOf)
                .map(number -> number + 1)
                .reduce(scenario.dispatcher().instances(), Math::max);
    }

    private List<URI> metricsOf(List<Integer> adminPorts) {
        return adminPorts.stream()
                .map(port -> setup.contender().metrics(port))
                .flatMap(Optional::stream)
                .toList();
    }

    private static List<String> surprises(Surroundings surroundings) {
        return Stream.concat(
                        surroundings.instances().stream().flatMap(instance -> instance.surprises().stream()),
                        surroundings.grounds().kafka().surprises().stream())
                .toList();
    }

    private static int instanceOf(EventSpec event) {
        return event.what() instanceof Disturbance.OfInstance one ? one.instance() : -1;
    }

    /** A stream that begins before anybody listens would measure the start of a JVM. */
    private void awaitHeralds(Generator generator, RequestLedger ledger, List<Instance> instances, long start)
            throws InterruptedException {
        int heralds = Math.max(1, setup.scenario().typesAtFirst().size());
        long patience = start + setup.scenario().dispatcher().startPatience().toNanos();
        while (ledger.nowNanos() < patience && ledger.count() < heralds) {
            if (instances.stream().noneMatch(Instance::isRunning)) {
                throw new IllegalStateException(
                        "the contender has ended: " + instances.get(0).lastWords());
            }
            tell(generator, ledger, 0);
            TimeUnit.NANOSECONDS.sleep(LOOK.toNanos());
        }
    }

    private void produce(Generator generator, RequestLedger ledger, long begin) throws InterruptedException {
        Producing producing =
                Producing.start(() -> generator.produceStreams(setup.scenario().load(), begin));
        long end = begin + setup.scenario().loadLength().toNanos();
        try {
            while (producing.isUnderWay() || ledger.nowNanos() < end) {
                tell(generator, ledger, begin);
                TimeUnit.NANOSECONDS.sleep(LOOK.toNanos());
            }
        } finally {
            producing.end();
        }
        producing.requireAll();
    }

    /** Until every job that was due when the load ended is done, or the patience is over. */
    private void drain(RequestLedger ledger, JobBook book, Generator generator, long begin, long loadEnd)
            throws InterruptedException {
        long deadline = ledger.nowNanos() + setup.scenario().drain().toNanos();
        long owed = book.dueBy(loadEnd) - book.refused();
        while (ledger.nowNanos() < deadline) {
            tell(generator, ledger, begin);
            // Before, it cannot be; and to look costs the ledger, which is at work.
            boolean possible = ledger.count() - ledger.inFlight() >= owed;
            if (possible && new Fates(Requests.read(ledger, book), List.of(), Duration.ZERO).notDone(loadEnd) == 0) {
                awaitLateRepetitions(generator, ledger, begin);
                return;
            }
            TimeUnit.NANOSECONDS.sleep(LOOK.toNanos());
        }
    }

    /** Where something was done to an instance or a broker, a job may come again when its session has ended. */
    private void awaitLateRepetitions(Generator generator, RequestLedger ledger, long begin)
            throws InterruptedException {
        if (setup.scenario().events().stream()
                .noneMatch(event -> event.what() instanceof Disturbance.OfInstance
                        || event.what() instanceof Disturbance.OfBroker)) {
            return;
        }
        long until = ledger.nowNanos() + SESSION_AND_RETRY.toNanos();
        while (ledger.nowNanos() < until) {
            tell(generator, ledger, begin);
            TimeUnit.NANOSECONDS.sleep(LOOK.toNanos());
        }
    }

    private Result result(Instant at, Seen seen) {
        Scenario scenario = setup.scenario();
        Fates fates = new Fates(seen.requests(), seen.cuts(), scenario.expect().window());
        Evaluation evaluation = new Evaluation(scenario, seen, fates);
        Promises.Figures figures = new Promises.Figures(
                evaluation.counts(), evaluation.steady(), evaluation.latency(), evaluation.types());
        return new Result(
                setup.name(),
                scenario.about(),
                setup.contender().name(),
                setup.round(),
                at,
                new Result.Machine(
                        Runtime.getRuntime().availableProcessors(),
                        Runtime.version().toString(),
                        setup.jvmOptions()),
                figures.counts(),
                figures.steady(),
                figures.latency(),
                figures.types(),
                new Seconds(seen).all(),
                new Promises(scenario, seen, fates, figures).all());
    }

    private void tell(Generator generator, RequestLedger ledger, long begin) {
        int inFlight = ledger.inFlight();
        progress.at(
                Duration.ofNanos(ledger.nowNanos() - begin), generator.produced(), ledger.count() - inFlight, inFlight);
    }
}
