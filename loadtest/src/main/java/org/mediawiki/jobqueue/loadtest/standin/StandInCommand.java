package org.mediawiki.jobqueue.loadtest.standin;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.mediawiki.jobqueue.loadtest.standin.RequestLedger.Detail;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code standin}: a stand-in mw-jobrunner as a process of its own, until a signal stops it. Says {@code ready} on
 * stdout, with its ports, when it accepts connections.
 */
@Command(
        name = "standin",
        mixinStandardHelpOptions = true,
        description = "Passes for mw-jobrunner over HTTPS on the loopback interface.")
public final class StandInCommand implements Callable<Integer> {

    @Option(names = "--port", description = "where jobs are sent to; 0 picks a free port (default: ${DEFAULT-VALUE})")
    private int port = 4448;

    @Option(names = "--control-port", description = "plain HTTP for tests; 0 picks a free port (default: 0)")
    private int controlPort;

    @Option(names = "--ca-out", description = "where to write the authority's certificate, as PEM")
    private @Nullable Path caOut;

    @Option(names = "--latency", paramLabel = "TYPE=TIME", description = "e.g. refreshLinks=100ms, cdnPurge=5ms-20ms")
    private Map<String, String> latencies = new LinkedHashMap<>();

    @Option(names = "--default-latency", paramLabel = "TIME", description = "of other types (default: 0s)")
    private String defaultLatency = "0s";

    @Option(names = "--fault", paramLabel = "TYPE=ANSWER", description = "e.g. cdnPurge=503, refreshLinks=hang")
    private Map<String, String> faults = new LinkedHashMap<>();

    @Option(names = "--event-loops", description = "threads that serve requests (default: ${DEFAULT-VALUE})")
    private int eventLoops = 1;

    @Option(names = "--light", description = "keep ids, types, times and statuses only")
    private boolean light;

    @Option(names = "--seed", description = "of random latencies (default: ${DEFAULT-VALUE})")
    private long seed = 1;

    /** Picocli's own takes its place. */
    @Spec
    private CommandSpec spec = CommandSpec.create();

    public static void main(String[] args) {
        System.exit(new CommandLine(new StandInCommand()).execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        CountDownLatch stopped = new CountDownLatch(1);
        StandInRunner runner = start();
        ControlServer control = ControlServer.start(runner, controlPort);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            runner.close();
                            stopped.countDown();
                        },
                        "standin-stop"));
        PrintWriter out = spec.commandLine().getOut();
        out.println("ready: " + runner.rpcUri() + ", control: http://127.0.0.1:" + control.port());
        out.flush();
        // Nothing but a signal ends it: the process exists to be there.
        stopped.await();
        return 0;
    }

    private StandInRunner start() throws IOException {
        StandInOptions options = StandInOptions.defaults()
                .withPort(port)
                .withEventLoops(eventLoops)
                .withDetail(light ? Detail.LIGHT : Detail.HASHES)
                .withSeed(seed);
        Map<String, Behaviour> behaviours = behaviours();
        StandInRunner runner = StandInRunner.start(options);
        runner.on(JobMatch.any()).answer(Behaviour.ok().after(Latency.parse(defaultLatency)));
        behaviours.forEach((type, behaviour) -> runner.on(JobMatch.type(type)).answer(behaviour));
        if (caOut != null) {
            Files.copy(runner.caFile(), caOut, StandardCopyOption.REPLACE_EXISTING);
        }
        return runner;
    }

    /** A type's fault comes after its latency. */
    private Map<String, Behaviour> behaviours() {
        Map<String, Behaviour> behaviours = new LinkedHashMap<>();
        latencies.forEach((type, time) -> behaviours.put(type, Behaviour.ok().after(Latency.parse(time))));
        faults.forEach((type, answer) -> {
            Latency latency = Latency.parse(latencies.getOrDefault(type, defaultLatency));
            behaviours.put(type, RuleSpec.answer(answer).after(latency));
        });
        return behaviours;
    }
}
