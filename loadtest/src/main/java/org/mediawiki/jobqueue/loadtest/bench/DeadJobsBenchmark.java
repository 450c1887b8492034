package org.mediawiki.jobqueue.loadtest.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.mediawiki.jobqueue.changeprop.embedded.EmbeddedKafka;
import org.mediawiki.jobqueue.changeprop.embedded.EmbeddedKafkaOptions;
import org.mediawiki.jobqueue.changeprop.embedded.TemporaryFolder;
import org.mediawiki.jobqueue.loadtest.standin.StandInOptions;
import org.mediawiki.jobqueue.loadtest.standin.StandInRunner;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Very many dead jobs in the error topic: what they cost an instance in memory, and what lists, searches and replays of
 * them take. All types are paused, so that what is replayed stands in Kafka. Broker and load are in this process, the
 * service is one of its own.
 */
@Command(
        name = "dead-jobs",
        description = {
            "Memory of very many dead jobs, and how long lists, searches and replays of them take.",
            "Ends with 1 where not each of them was replayed or dropped."
        },
        mixinStandardHelpOptions = true)
public final class DeadJobsBenchmark implements Callable<Integer> {

    private static final Duration PATIENCE = Duration.ofMinutes(20);
    private static final ObjectMapper JSON = new ObjectMapper();

    @Option(names = "--dead", description = "Dead jobs (default: ${DEFAULT-VALUE}).")
    private int dead = 1_000_000;

    @Option(names = "--bytes", description = "Size of a job's parameters (default: ${DEFAULT-VALUE}).")
    private int bytes = 400;

    @Option(names = "--jvm-option", description = "For the service's JVM; may be repeated.")
    private List<String> jvmOptions = new ArrayList<>(List.of("-Xmx512m", "-XX:+UseSerialGC"));

    @Override
    public Integer call() throws IOException, InterruptedException {
        try (TemporaryFolder temporary = TemporaryFolder.create("dead-jobs");
                EmbeddedKafka kafka = EmbeddedKafka.start(
                        EmbeddedKafkaOptions.in(temporary.path().resolve("kafka")));
                StandInRunner runner = StandInRunner.start(StandInOptions.defaults())) {
            Path folder = temporary.path();
            String keys = "lanes: {main: {paused: true, low_traffic: {concurrency: 10}}}\n" + "scheduler: {folder: \""
                    + folder.resolve("scheduler") + "\"}";
            MeasuredService service = new MeasuredService(folder, jvmOptions, kafka.bootstrapServers(), runner, keys);
            try {
                long left = dead - run(service, kafka.bootstrapServers());
                return left == 0 ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
            } finally {
                service.kill();
            }
        }
    }

    /** Returns how many were replayed or dropped. */
    private long run(MeasuredService service, String bootstrapServers) throws IOException, InterruptedException {
        service.start();
        service.awaitReady(PATIENCE);
        say("JVM %s; no dead jobs: %s", jvmOptions, service.memoryUse());
        try (DeadLoad load = new DeadLoad(bootstrapServers, bytes)) {
            long begin = System.nanoTime();
            load.produce(dead);
            say("%,d dead jobs of %,d bytes are in Kafka after %s", dead, load.bytesOfOne(), since(begin));
        }
        service.kill();
        look(service, "after a start");

        say("replay of a type, dry run: %s", sweep(service, "replay", filter(DeadLoad.type(1)), true));
        Sweep replay = sweep(service, "replay", filter(DeadLoad.type(1)), false);
        say("replay of a type: %s", replay);
        Sweep drop = sweep(service, "drop", JSON.createObjectNode(), false);
        say("drop of all others: %s", drop);
        say("memory: %s", service.memoryUse());
        service.kill();
        look(service, "after another start, all marked");
        return replay.done() + drop.done();
    }

    /** How it went; {@code longestNanos} is the longest call. */
    private record Sweep(long done, long scanned, Duration took, int calls, long longestNanos) {

        @Override
        public String toString() {
            return "%,d of %,d in %s, %d calls, the longest %.0f ms"
                    .formatted(done, scanned, took, calls, longestNanos / 1e6);
        }
    }

    private void look(MeasuredService service, String when) throws IOException, InterruptedException {
        AdminPort admin = new AdminPort(service);
        long begin = System.nanoTime();
        service.start();
        service.awaitReady(PATIENCE);
        long ready = System.nanoTime();
        while (!admin.get("/api/v1/dead?limit=1").path("complete").asBoolean()) {
            TimeUnit.MILLISECONDS.sleep(50);
        }
        say(
                "%s: ready after %s, the list is complete %s later; %s",
                when, Duration.ofMillis((ready - begin) / 1_000_000), since(ready), service.memoryUse());
        say(
                "%s: listed are %s",
                when, admin.get("/api/v1/dead/summary?state=any").path("count"));
        say("  a page of 100: %s", admin.cost("/api/v1/dead?limit=100&state=any"));
        say("  a search that finds nothing: %s", admin.cost("/api/v1/dead?text=nothing-of-the-kind&state=any"));
        say("  counts by type, status and wiki: %s", admin.cost("/api/v1/dead/summary?state=any"));
        say("  the status of this instance: %s", admin.cost("/api/v1/status?only=self"));
    }

    private Sweep sweep(MeasuredService service, String kind, ObjectNode filter, boolean dryRun)
            throws IOException, InterruptedException {
        ObjectNode order = JSON.createObjectNode().put("dry_run", dryRun).put("reason", "a benchmark");
        order.set("filter", filter);
        long scanned = 0;
        long done = 0;
        int calls = 0;
        long longest = 0;
        long begin = System.nanoTime();
        JsonNode page;
        do {
            long called = System.nanoTime();
            page = new AdminPort(service).post("/api/v1/dead/" + kind, order);
            longest = Math.max(longest, System.nanoTime() - called);
            calls++;
            scanned += page.path("scanned").asLong();
            done += page.path("done").asLong();
            order.set("after", page.path("next"));
        } while (page.path("next").isTextual());
        return new Sweep(done, scanned, since(begin), calls, longest);
    }

    private static ObjectNode filter(String type) {
        return JSON.createObjectNode().put("type", type);
    }

    private static Duration since(long nanos) {
        return Duration.ofMillis((System.nanoTime() - nanos) / 1_000_000);
    }

    private static void say(String format, Object... values) {
        System.out.printf(Locale.ROOT, format + "%n", values);
    }
}
