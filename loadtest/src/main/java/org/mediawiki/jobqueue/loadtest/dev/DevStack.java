package org.mediawiki.jobqueue.loadtest.dev;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.mediawiki.jobqueue.changeprop.app.Service;
import org.mediawiki.jobqueue.changeprop.config.Configuration;
import org.mediawiki.jobqueue.changeprop.config.EffectiveConfig;
import org.mediawiki.jobqueue.changeprop.config.load.ConfigurationLoader;
import org.mediawiki.jobqueue.changeprop.embedded.EmbeddedKafka;
import org.mediawiki.jobqueue.changeprop.embedded.EmbeddedKafkaOptions;
import org.mediawiki.jobqueue.changeprop.resource.Resource;
import org.mediawiki.jobqueue.loadtest.generate.JobProducer;
import org.mediawiki.jobqueue.loadtest.standin.RequestLedger;
import org.mediawiki.jobqueue.loadtest.standin.StandInOptions;
import org.mediawiki.jobqueue.loadtest.standin.StandInRunner;

/** Kafka, the runner, the service and the trickle of jobs, at work. Its methods may be called from any thread. */
final class DevStack {

    private static final String LANE = "main";

    private final EmbeddedKafka kafka;
    private final StandInRunner runner;
    private final Configuration configuration;
    private final Service service;

    private DevStack(EmbeddedKafka kafka, StandInRunner runner, Configuration configuration, Service service) {
        this.kafka = kafka;
        this.runner = runner;
        this.configuration = configuration;
        this.service = service;
    }

    /**
     * Starts everything and blocks until the service runs; about 3 s.
     *
     * @param closings gets what has been started, also where another part does not start
     * @throws IOException if the data folder cannot be written
     * @throws IllegalStateException if a part does not start
     */
    static DevStack start(DevOptions options, Closings closings) throws IOException {
        EmbeddedKafka kafka = EmbeddedKafka.start(kafkaOptions(options));
        closings.add(kafka::close);
        StandInRunner runner = StandInRunner.start(
                StandInOptions.defaults().withPort(options.runnerPort()).withDetail(RequestLedger.Detail.LIGHT));
        closings.add(runner::close);
        RunnerScript.applyTo(runner.rules());
        Configuration configuration = configuration(kafka, runner, options);
        Service service = Service.start(configuration, List.of(LANE));
        closings.add(service::stop);
        JobProducer producer = new JobProducer(kafka.bootstrapServers(), configuration.dc());
        Clock clock = Clock.systemUTC();
        Trickle trickle = new Trickle(JobMix.ofRealJobs(clock.millis(), clock), producer, options.rate());
        closings.add(trickle::close);
        return new DevStack(kafka, runner, configuration, service);
    }

    String bootstrapServers() {
        return kafka.bootstrapServers();
    }

    String runnerAddress() {
        return runner.rpcUri().toString();
    }

    /** Where the service is looked at; without a slash at the end. */
    String adminAddress() {
        return "http://" + configuration.admin().host() + ":" + service.adminPort();
    }

    /** Where MediaWiki may post events to. */
    String intakeAddress() {
        return "http://" + configuration.intake().host() + ":"
                + service.intakePort().orElseThrow() + "/v1/events";
    }

    /** The consumer group whose commits tell how far the service is. */
    String group() {
        return new EffectiveConfig(configuration).consumerGroup(LANE);
    }

    /** Completes with the reason when the service cannot go on. */
    CompletableFuture<Throwable> failure() {
        return service.failure();
    }

    /** The stand-in would remember every request for ever. */
    void forgetRequests() {
        runner.ledger().clear();
    }

    private static EmbeddedKafkaOptions kafkaOptions(DevOptions options) {
        EmbeddedKafkaOptions any = EmbeddedKafkaOptions.in(options.data().resolve("kafka"));
        return options.kafkaPort() == 0 ? any : any.withPorts(List.of(options.kafkaPort()));
    }

    private static Configuration configuration(EmbeddedKafka kafka, StandInRunner runner, DevOptions options)
            throws IOException {
        Map<String, String> variables = Map.of(
                "KAFKA", kafka.bootstrapServers(),
                "RUNNER", runner.rpcUri().toString(),
                "DATA", options.data().toString(),
                "RUNNER_CA", runner.caFile().toString(),
                "ADMIN_PORT", Integer.toString(options.adminPort()),
                "INTAKE_PORT", Integer.toString(options.intakePort()));
        return new ConfigurationLoader(variables, Files::isReadable)
                .parse(Resource.text(DevStack.class, "dev.yaml"))
                .match(loaded -> loaded.configuration(), refused -> {
                    throw new IllegalStateException(
                            "dev.yaml is refused: " + refused.problems().get(0));
                });
    }
}
