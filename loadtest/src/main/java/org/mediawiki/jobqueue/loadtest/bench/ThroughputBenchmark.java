package org.mediawiki.jobqueue.loadtest.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.mediawiki.jobqueue.changeprop.embedded.EmbeddedKafka;
import org.mediawiki.jobqueue.changeprop.embedded.EmbeddedKafkaOptions;
import org.mediawiki.jobqueue.loadtest.generate.JobEvents;
import org.mediawiki.jobqueue.loadtest.generate.JobProducer;
import org.mediawiki.jobqueue.loadtest.generate.JobShape;
import org.mediawiki.jobqueue.loadtest.standin.RequestLedger;
import org.mediawiki.jobqueue.loadtest.standin.StandInOptions;
import org.mediawiki.jobqueue.loadtest.standin.StandInRunner;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Jobs a second and CPU for each job when the runner answers at once, beside the {@link BareLoop}, in turns in one run.
 * The warm-up and the measured jobs run in the same process of a contender; broker and runner run in this one.
 */
@Command(
        name = "throughput",
        description = "Jobs per second and CPU per job of jobqueue beside a bare loop, in one run.",
        mixinStandardHelpOptions = true)
public final class ThroughputBenchmark implements Callable<Integer> {

    private static final String TYPE = "refreshLinks";
    private static final int BATCH = 5_000;
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    @Option(names = "--jobs", description = "Jobs that are measured (default: ${DEFAULT-VALUE}).")
    private int jobs = 100_000;

    @Option(names = "--warm-up", description = "Jobs before those (default: ${DEFAULT-VALUE}).")
    private int warmUp = 100_000;

    @Option(names = "--limit", description = "Jobs at once (default: ${DEFAULT-VALUE}).")
    private int limit = 200;

    @Option(names = "--bytes", description = "Size of a job's parameters (default: ${DEFAULT-VALUE}).")
    private int bytes = 1_000;

    @Option(names = "--rounds", description = "How often each runs, in turns (default: ${DEFAULT-VALUE}).")
    private int rounds = 3;

    @Option(names = "--http2", negatable = true, description = "Whether the runner offers HTTP/2 (default: no).")
    private boolean http2;

    @Option(names = "--jvm-option", description = "For the contenders' JVMs; may be repeated.")
    private List<String> jvmOptions = new ArrayList<>(List.of("-Xmx512m", "-XX:+UseSerialGC"));

    @Option(names = "--only", description = "Only this contender: ${COMPLETION-CANDIDATES}.")
    private Contender[] contenders = Contender.values();

    /** Runs as a program of its own. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new ThroughputBenchmark()).execute(arguments));
    }

    private record Result(double jobsPerSecond, double cpuMicrosPerJob) {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintStream out = System.out;
        out.printf(Locale.ROOT, "%d jobs after a warm-up of %d, limit %d, 0 ms at the runner%n", jobs, warmUp, limit);
        try (EmbeddedKafka kafka = EmbeddedKafka.start(EmbeddedKafkaOptions.in(Files.createTempDirectory("bench")));
                StandInRunner runner = StandInRunner.start(
                        StandInOptions.defaults().withHttp2(http2).withDetail(RequestLedger.Detail.LIGHT))) {
            for (int round = 1; round <= rounds; round++) {
                for (Contender contender : contenders) {
                    String dc = contender.name().toLowerCase(Locale.ROOT) + round;
                    Course course =
                            new Course(kafka.bootstrapServers(), dc, TYPE, runner.rpcUri(), runner.caFile(), limit);
                    produce(course);
                    Result result = measure(contender, course, runner.ledger());
                    out.printf(
                            Locale.ROOT,
                            "round %d  %-10s  %,7.0f jobs/s  %6.1f us of CPU per job%n",
                            round,
                            contender,
                            result.jobsPerSecond(),
                            result.cpuMicrosPerJob());
                }
            }
        }
        return CommandLine.ExitCode.OK;
    }

    private void produce(Course course) {
        JobEvents events = new JobEvents(1, Clock.systemUTC());
        JobShape shape = JobShape.of(TYPE).withParamsBytes(bytes);
        try (JobProducer producer = new JobProducer(course.bootstrapServers(), course.dc())) {
            for (int made = 0; made < warmUp + jobs; made += BATCH) {
                producer.produce(events.next(BATCH, shape));
            }
        }
    }

    private Result measure(Contender contender, Course course, RequestLedger ledger)
            throws IOException, InterruptedException {
        ledger.clear();
        Process process = contender.start(course, jvmOptions);
        try {
            ledger.awaitEnded(warmUp, PATIENCE);
            long begin = ledger.nowNanos();
            Duration cpuBefore = cpu(process);
            ledger.awaitEnded(warmUp + jobs, PATIENCE);
            long nanos = ledger.nowNanos() - begin;
            Duration cpu = cpu(process).minus(cpuBefore);
            return new Result(jobs * (double) TimeUnit.SECONDS.toNanos(1) / nanos, cpu.toNanos() / 1_000.0 / jobs);
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private static Duration cpu(Process process) {
        return process.info().totalCpuDuration().orElseThrow();
    }
}
