package org.mediawiki.jobqueue.loadtest.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.mediawiki.jobqueue.changeprop.embedded.EmbeddedKafka;
import org.mediawiki.jobqueue.changeprop.embedded.EmbeddedKafkaOptions;
import org.mediawiki.jobqueue.changeprop.embedded.TemporaryFolder;
import org.mediawiki.jobqueue.loadtest.standin.RequestLedger;
import org.mediawiki.jobqueue.loadtest.standin.StandInOptions;
import org.mediawiki.jobqueue.loadtest.standin.StandInRunner;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * SPEC guarantee 5 in full size: a million jobs that wait, jobs of the same types that need not, and a {@code kill -9}
 * in the middle. Broker and runner are in this process, the service is one of its own.
 */
@Command(
        name = "waiting",
        description = {
            "Start delays, lateness and memory of jobqueue with very many jobs waiting, and after a kill -9.",
            "Ends with 1 where a job that was due was not done, or one ran before its time."
        },
        mixinStandardHelpOptions = true)
public final class WaitingBenchmark implements Callable<Integer> {

    private static final Duration PATIENCE = Duration.ofMinutes(30);

    @Option(names = "--waiting", description = "Jobs that wait (default: ${DEFAULT-VALUE}).")
    private int waiting = 1_000_000;

    @Option(names = "--rate", description = "Immediate jobs a second (default: ${DEFAULT-VALUE}).")
    private int rate = 200;

    @Option(names = "--due-rate", description = "Jobs a second with a short delay (default: ${DEFAULT-VALUE}).")
    private int dueRate = 20;

    @Option(names = "--seconds", description = "Length of each measurement (default: ${DEFAULT-VALUE}).")
    private int seconds = 60;

    @Option(names = "--bytes", description = "Size of a job's parameters (default: ${DEFAULT-VALUE}).")
    private int bytes = 400;

    @Option(names = "--memory", description = "scheduler.memory (default: ${DEFAULT-VALUE}).")
    private String memory = "64MiB";

    @Option(names = "--jvm-option", description = "For the service's JVM; may be repeated.")
    private List<String> jvmOptions = new ArrayList<>(List.of("-Xmx384m", "-XX:+UseSerialGC"));

    @Override
    public Integer call() throws IOException, InterruptedException {
        try (TemporaryFolder temporary = TemporaryFolder.create("waiting");
                EmbeddedKafka kafka = EmbeddedKafka.start(
                        EmbeddedKafkaOptions.in(temporary.path().resolve("kafka")));
                StandInRunner runner =
                        StandInRunner.start(StandInOptions.defaults().withDetail(RequestLedger.Detail.LIGHT))) {
            Path folder = temporary.path();
            MeasuredService service = new MeasuredService(
                    folder,
                    jvmOptions,
                    kafka.bootstrapServers(),
                    runner,
                    "scheduler: {folder: \"%s\", memory: %s}".formatted(folder.resolve("scheduler"), memory));
            try (WaitingLoad load = new WaitingLoad(kafka.bootstrapServers(), runner.ledger(), bytes)) {
                return run(service, load).isGood() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
            } finally {
                service.kill();
            }
        }
    }

    private WaitingLoad.Account run(MeasuredService service, WaitingLoad load)
            throws IOException, InterruptedException {
        say("JVM %s, scheduler.memory %s", jvmOptions, memory);
        service.start();
        long begin = System.nanoTime();
        load.produceWaiting(waiting);
        say("%,d jobs with delays of 1 s to 7 d are in Kafka after %s", waiting, since(begin));
        service.awaitWaiting(waiting - load.dueBy(PATIENCE), PATIENCE);
        say("they are all in the scheduler after %s; %s", since(begin), service.memoryUse());
        measure("with %,d waiting".formatted(waiting), service, load);

        load.produce(rate, dueRate, Duration.ofSeconds(10));
        long killed = System.nanoTime();
        service.kill();
        service.start();
        service.awaitReady(PATIENCE);
        say("kill -9; ready again after %s", since(killed));
        service.awaitWaiting(waiting - load.dueBy(PATIENCE), PATIENCE);
        say("the scheduler has all of them again %s after the kill", since(killed));
        measure("after the restart", service, load);
        WaitingLoad.Account account = load.account();
        say("%s", account);
        return account;
    }

    private void measure(String when, MeasuredService service, WaitingLoad load) throws InterruptedException {
        WaitingLoad.Delays delays = load.measure(rate, dueRate, Duration.ofSeconds(seconds));
        say("%s, immediate jobs:  %s", when, delays.immediate());
        say("%s, jobs that waited: %s", when, delays.due());
        say("%s: %s", when, service.memoryUse());
    }

    private static Duration since(long nanos) {
        return Duration.ofMillis((System.nanoTime() - nanos) / 1_000_000);
    }

    private static void say(String format, Object... values) {
        System.out.printf(Locale.ROOT, format + "%n", values);
    }
}
