package org.mediawiki.jobqueue.loadtest.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.mediawiki.jobqueue.changeprop.embedded.EmbeddedKafka;
import org.mediawiki.jobqueue.changeprop.embedded.EmbeddedKafkaOptions;
import org.mediawiki.jobqueue.changeprop.embedded.TemporaryFolder;
import org.mediawiki.jobqueue.loadtest.generate.JobEvents;
import org.mediawiki.jobqueue.loadtest.generate.JobProducer;
import org.mediawiki.jobqueue.loadtest.generate.JobShape;
import org.mediawiki.jobqueue.loadtest.standin.StandInOptions;
import org.mediawiki.jobqueue.loadtest.standin.StandInRunner;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What it costs an instance that has run jobs of very many types when a console or Prometheus looks at it. */
@Command(
        name = "console",
        description = "Bytes, time and CPU of what the console and Prometheus ask, with very many job types.",
        mixinStandardHelpOptions = true)
public final class ConsoleBenchmark implements Callable<Integer> {

    private static final Duration PATIENCE = Duration.ofMinutes(5);

    /** So that nothing is answered from what was told just before. */
    private static final Duration APART = Duration.ofSeconds(1);

    @Option(names = "--types", description = "Job types (default: ${DEFAULT-VALUE}).")
    private int types = 500;

    @Option(names = "--jobs", description = "Jobs of each that have run before (default: ${DEFAULT-VALUE}).")
    private int jobs = 20;

    @Option(names = "--jvm-option", description = "For the service's JVM; may be repeated.")
    private List<String> jvmOptions = new ArrayList<>(List.of("-Xmx512m", "-XX:+UseSerialGC"));

    @Override
    public Integer call() throws IOException, InterruptedException {
        try (TemporaryFolder temporary = TemporaryFolder.create("console");
                EmbeddedKafka kafka = EmbeddedKafka.start(
                        EmbeddedKafkaOptions.in(temporary.path().resolve("kafka")));
                StandInRunner runner = StandInRunner.start(StandInOptions.defaults())) {
            Path folder = temporary.path();
            String keys = "scheduler: {folder: \"" + folder.resolve("scheduler") + "\"}";
            MeasuredService service = new MeasuredService(folder, jvmOptions, kafka.bootstrapServers(), runner, keys);
            try {
                produce(kafka.bootstrapServers());
                service.start();
                service.awaitReady(PATIENCE);
                awaitAllRun(runner);
                measure(service);
            } finally {
                service.kill();
            }
        }
        return CommandLine.ExitCode.OK;
    }

    private void produce(String bootstrapServers) {
        JobEvents events = new JobEvents(5, Clock.systemUTC());
        try (JobProducer producer = new JobProducer(bootstrapServers, "eqiad")) {
            for (int i = 0; i < types; i++) {
                producer.produce(events.next(jobs, JobShape.of("type" + i)));
            }
        }
    }

    private void awaitAllRun(StandInRunner runner) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (runner.ledger().tally().stream()
                        .mapToLong(tally -> tally.count())
                        .sum()
                < (long) types * jobs) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("not all jobs have run after " + PATIENCE);
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    private void measure(MeasuredService service) throws IOException, InterruptedException {
        AdminPort admin = new AdminPort(service);
        long idle = service.cpu().toNanos();
        TimeUnit.SECONDS.sleep(20);
        say("%,d types that have run %,d jobs each; %s", types, jobs, service.memoryUse());
        say("  nobody looks: %.1f ms of CPU a second", (service.cpu().toNanos() - idle) / 20e6);
        say("  the console asks once a second: %s", admin.cost("/api/v1/status", APART));
        say("  and for the last hour every 20 s: %s", admin.cost("/api/v1/history", APART));
        say("  Prometheus scrapes once a second: %s", admin.cost("/metrics", APART));
    }

    private static void say(String format, Object... values) {
        System.out.printf(Locale.ROOT, format + "%n", values);
    }
}
