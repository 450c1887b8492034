package org.mediawiki.jobqueue.loadtest.measure;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.mediawiki.jobqueue.changeprop.embedded.EmbeddedKafkaOptions;
import org.mediawiki.jobqueue.changeprop.embedded.KafkaNodes;

/** Brokers as processes of their own, and a controller beside them, which nothing happens to. */
final class BrokerProcesses implements Cluster {

    /** On two cores that everything else shares. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final Duration LOOK = Duration.ofMillis(200);

    /** Small, and soon at work: each lives for the length of a scenario. */
    private static final List<String> JVM_OPTIONS =
            List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Djobqueue.log.format=text");

    private final KafkaNodes nodes;
    private final Map<String, Instance> processes = new LinkedHashMap<>();

    private BrokerProcesses(KafkaNodes nodes, Path logs) {
        this.nodes = nodes;
        nodes.files()
                .forEach((name, file) ->
                        processes.put(name, new Instance(command(file), logs.resolve("kafka-" + name + ".log"))));
    }

    /**
     * Starts them, and waits until each has joined.
     *
     * @throws IOException where a folder cannot be written, or they are not ready after two minutes
     */
    static BrokerProcesses start(EmbeddedKafkaOptions options) throws IOException, InterruptedException {
        BrokerProcesses brokers = new BrokerProcesses(KafkaNodes.write(options), options.folder());
        try {
            for (Instance process : brokers.processes.values()) {
                process.start();
            }
            brokers.awaitAll(options.brokers());
            return brokers;
        } catch (IOException | InterruptedException | RuntimeException e) {
            brokers.close();
            throw e;
        }
    }

    @Override
    public String bootstrapServers() {
        return nodes.bootstrapServers();
    }

    @Override
    public void stop(int number) {
        broker(number).stop();
    }

    @Override
    public void kill(int number) throws InterruptedException {
        broker(number).kill();
    }

    @Override
    public void start(int number) throws IOException, InterruptedException {
        broker(number).start();
    }

    @Override
    public void freeze(int number) throws IOException, InterruptedException {
        broker(number).signal("STOP");
    }

    @Override
    public void thaw(int number) throws IOException, InterruptedException {
        broker(number).signal("CONT");
    }

    @Override
    public List<String> surprises() {
        return processes.values().stream()
                .flatMap(process -> process.surprises().stream())
                .toList();
    }

    /** By force: a trial is over, and a controller that ends first would make the brokers wait for it. */
    @Override
    public void close() {
        try {
            for (Instance process : processes.values()) {
                process.kill();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Instance broker(int number) {
        Instance broker = processes.get(KafkaNodes.brokerName(number));
        if (broker == null) {
            throw new IllegalArgumentException("there is no broker " + number + ", only " + processes.keySet());
        }
        return broker;
    }

    private static List<String> command(Path file) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JVM_OPTIONS);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "kafka.Kafka", file.toString()));
        return command;
    }

    private void awaitAll(int brokers) throws IOException, InterruptedException {
        Properties properties = new Properties();
        properties.setProperty(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers());
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try (Admin admin = Admin.create(properties)) {
            while (admin.describeCluster().nodes().get().size() < brokers) {
                if (System.nanoTime() > deadline || processes.values().stream().anyMatch(one -> !one.isRunning())) {
                    throw new IOException("the brokers are not ready: " + lastWords());
                }
                TimeUnit.NANOSECONDS.sleep(LOOK.toNanos());
            }
        } catch (ExecutionException e) {
            throw new IOException("the brokers are not ready: " + lastWords(), e);
        }
    }

    private List<String> lastWords() {
        return processes.values().stream().map(Instance::lastWords).toList();
    }
}
