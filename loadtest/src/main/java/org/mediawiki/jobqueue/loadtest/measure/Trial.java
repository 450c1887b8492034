package org.mediawiki.jobqueue.loadtest.measure;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.mediawiki.jobqueue.changeprop.embedded.EmbeddedKafkaOptions;
import org.mediawiki.jobqueue.loadtest.generate.JobProducer;
import org.mediawiki.jobqueue.loadtest.report.Result;
import org.mediawiki.jobqueue.loadtest.scenario.Disturbance;
import org.mediawiki.jobqueue.loadtest.scenario.Scenario;
import org.mediawiki.jobqueue.loadtest.standin.RequestLedger;
import org.mediawiki.jobqueue.loadtest.standin.StandInOptions;
import org.mediawiki.jobqueue.loadtest.standin.StandInRunner;

/** One contender, one scenario, once; with a Kafka and a runner of its own, so that trials leave each other nothing. */
public final class Trial {

    private static final String DC = "eqiad";

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
        int instances = Instances.most(scenario);
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
            LoadRun load = new LoadRun(scenario, generator, runner.ledger(), book, progress);
            load.produceBefore();
            Environment environment = new Environment(kafka, passages, machines, runner);
            return within(environment, Instances.of(setup, DC, environment), load);
        }
    }

    private Result within(Environment environment, Instances instances, LoadRun load)
            throws IOException, InterruptedException {
        Scenario scenario = setup.scenario();
        RequestLedger ledger = environment.runner().ledger();
        Instant at = Instant.now();
        Samples samples = new Samples(instances.all(), load::produced, ledger::nowNanos);
        Accounts accounts = new Accounts(instances.metrics());
        Disturbances disturbances = new Disturbances(
                scenario,
                instances.all(),
                environment,
                new Settings(setup.contender(), setup.folder(), instances.all().size()));
        try {
            long start = ledger.nowNanos();
            instances.start(scenario.dispatcher().instances());
            samples.start();
            if (scenario.expect().accounts()) {
                accounts.start();
            }
            load.awaitHeralds(instances, start);
            long begin = ledger.nowNanos();
            disturbances.start(begin);
            load.produce(begin);
            if (scenario.expect().allDone()) {
                load.drain(begin);
            }
            disturbances.end();
            samples.end();
            accounts.end();
            long end = ledger.nowNanos();
            Requests requests = load.requests();
            instances.end();
            Seen seen = new Seen(
                    requests,
                    samples.all(),
                    disturbances.happened(),
                    disturbances.cuts(),
                    disturbances.failures(),
                    Stream.concat(instances.surprises(), environment.kafka().surprises().stream())
                            .toList(),
                    instances.metrics().isEmpty() ? Accounts.Tally.NOT_ASKED : accounts.tally(),
                    environment.machines().leftOut(),
                    start,
                    begin,
                    end);
            return result(at, seen);
        } finally {
            disturbances.end();
            samples.end();
            accounts.end();
            instances.end();
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
}
