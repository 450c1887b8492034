package org.mediawiki.jobqueue.loadtest.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.dns.AddressResolverOptions;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.mediawiki.jobqueue.changeprop.app.Service;
import org.mediawiki.jobqueue.changeprop.config.Configuration;
import org.mediawiki.jobqueue.changeprop.config.Reload;
import org.mediawiki.jobqueue.changeprop.config.load.ConfigurationLoader;
import org.mediawiki.jobqueue.changeprop.config.load.WatchedFile;
import org.mediawiki.jobqueue.changeprop.kafka.Answers;
import org.mediawiki.jobqueue.loadtest.generate.JobEvent;
import org.mediawiki.jobqueue.loadtest.generate.JobProducer;
import org.mediawiki.jobqueue.loadtest.standin.LedgerTally;
import org.mediawiki.jobqueue.loadtest.standin.Outcome;
import org.mediawiki.jobqueue.loadtest.standin.StandInOptions;
import org.mediawiki.jobqueue.loadtest.standin.StandInRunner;
import org.mediawiki.jobqueue.runner.Standstills;

/** A datacenter of its own in the shared Kafka, a stand-in runner, and instances of the service in this JVM. */
final class TestBed implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofSeconds(Boolean.getBoolean("jobqueue.soak") ? 300 : 40);

    private static final Standstills MACHINE = Standstills.ofThisMachine();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final String dc = SharedKafka.newDatacenter();
    private final String service = "cpjobqueue-" + dc;
    private final String bootstrapServers;
    private final Admin admin;
    private final JobProducer producer;
    private final StandInRunner runner;
    private final List<Service> services = new ArrayList<>();
    private final List<TopicTail> tails = new ArrayList<>();

    TestBed() {
        this(StandInOptions.defaults());
    }

    TestBed(StandInOptions options) {
        this(options, SharedKafka.bootstrapServers());
    }

    /** A bed on another Kafka than the shared one, which the test may break. */
    TestBed(StandInOptions options, String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
        this.admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers));
        this.producer = new JobProducer(bootstrapServers, dc);
        this.runner = StandInRunner.start(options);
    }

    StandInRunner runner() {
        return runner;
    }

    JobProducer producer() {
        return producer;
    }

    String topic(String type) {
        return dc + ".mediawiki.job." + type;
    }

    String retryTopic(String type) {
        return dc + "." + service + ".retry.mediawiki.job." + type;
    }

    /** Where the legacy service's partitioner puts jobs of the type. */
    String partitionedTopic(String type) {
        return dc + "." + service + ".partitioned.mediawiki.job." + type;
    }

    String errorTopic() {
        return dc + "." + service + ".error";
    }

    String scheduledTopic() {
        return dc + "." + service + ".scheduled";
    }

    String fleetTopic() {
        return dc + "." + service + ".fleet";
    }

    String schedulerGroup() {
        return dc + "." + service + ".scheduler";
    }

    String group() {
        return service;
    }

    /** The configuration of this bed; {@code lanes} is the YAML under {@code lanes:}, {@code more} any other keys. */
    Configuration configuration(String lanes, String more) {
        return configuration(Setup.lanes(lanes).withKeys(more));
    }

    Configuration configuration(Setup setup) {
        return new ConfigurationLoader(Map.of(), file -> true)
                .parse(yaml(setup))
                .match(loaded -> loaded.configuration(), refused -> {
                    throw new AssertionError(refused.problems().toString());
                });
    }

    /** The same as a file has it. */
    String yaml(Setup setup) {
        Setup.Aim aim = setup.aim().orElseGet(() -> new Setup.Aim(runner.rpcUri(), runner.caFile()));
        return """
                service: %s
                dc: %s
                kafka:
                  {bootstrap_servers: ["%s"], own_topics: {partitions: 1, replication_factor: 1}, %s}
                targets:
                  mw-jobrunner: {uri: "%s", tls: {ca: "%s"}, %s}
                %s
                %s
                lanes:
                %s
                %s
                """.formatted(
                        service,
                        dc,
                        bootstrapServers,
                        setup.kafka(),
                        aim.uri(),
                        aim.ca(),
                        setup.target(),
                        setup.targets().indent(2),
                        setup.keys().contains("admin:") ? "" : "admin: {port: 0}",
                        setup.lanes().indent(2),
                        setup.keys());
    }

    /** Starts an instance with every lane of {@code configuration}. */
    Service start(Configuration configuration) {
        return start(configuration, configuration.lanes().keySet());
    }

    /** Starts an instance with some lanes of {@code configuration}. */
    Service start(Configuration configuration, Collection<String> lanes) {
        Service service = Service.start(configuration, lanes);
        services.add(service);
        return service;
    }

    /** Starts an instance that watches its file, as {@code jobqueue run} does. */
    Service start(Path file) {
        WatchedFile watched = new WatchedFile(file, new ConfigurationLoader(Map.of(), Files::isReadable));
        Configuration configuration = watched.load().match(loaded -> loaded.configuration(), refused -> {
            throw new AssertionError(refused.problems().toString());
        });
        Service service = Service.open(configuration, Reload.Lanes.allOf(configuration), Optional.of(watched));
        services.add(service);
        service.begin();
        return service;
    }

    Service start(Setup setup) {
        return start(configuration(setup));
    }

    /** Starts an instance that resolves the names of targets in its own way. */
    Service start(Setup setup, AddressResolverOptions names) {
        Configuration configuration = configuration(setup);
        Service service = Service.start(configuration, configuration.lanes().keySet(), names);
        services.add(service);
        return service;
    }

    /** Starts an instance with one lane for everything. */
    Service start() {
        return start(Setup.plain());
    }

    /** Stops an instance before the bed does. */
    void stop(Service service) {
        services.remove(service);
        service.stop();
    }

    void produce(Collection<JobEvent> jobs) {
        producer.produce(jobs);
    }

    void produce(JobEvent job) {
        producer.produce(List.of(job));
    }

    /** Creates the main and the retry topics, one partition each, so that no test waits until they are found. */
    void createTopics(String... types) {
        create(Arrays.stream(types)
                .flatMap(type -> Stream.of(topic(type), retryTopic(type)))
                .map(topic -> new NewTopic(topic, 1, (short) 1))
                .toList());
    }

    /** For what goes on beside a test and blocks: a thread for each, since the common pool has but one where there are two cores. */
    static Executor ownThreads() {
        return task -> {
            Thread thread = new Thread(task, "beside the test");
            thread.setDaemon(true);
            thread.start();
        };
    }

    /** How much of that time, by the ledger's clock, the machine stood still. */
    Duration stoodStill(long fromLedgerNanos, long toLedgerNanos) {
        return Duration.ofNanos(toLedgerNanos - fromLedgerNanos).minus(ran(fromLedgerNanos, toLedgerNanos));
    }

    /** How long that was by the ledger's clock, without what of it the machine stood still. */
    Duration ran(long fromLedgerNanos, long toLedgerNanos) {
        long zero = System.nanoTime() - runner.ledger().nowNanos();
        return MACHINE.ran(zero + fromLedgerNanos, zero + toLedgerNanos);
    }

    /** The same until now. */
    Duration ranSince(long fromLedgerNanos) {
        return ran(fromLedgerNanos, runner.ledger().nowNanos());
    }

    /**
     * Waits until the service has judged so many answers to be a hold, of those with these labels: one that has ended at the
     * runner is not yet one that the service knows.
     */
    void awaitHolds(Service service, double count, String... labels) {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(() -> holds(service, labels) >= count);
    }

    /** How many answers the service has judged to be a hold. */
    double holds(Service service, String... labels) {
        String[] all =
                Stream.concat(Stream.of("verdict=\"hold\""), Stream.of(labels)).toArray(String[]::new);
        return scrape(service).sum("jobqueue_verdicts_total", all);
    }

    /** Waits until so many requests for the job have ended. */
    void awaitRequests(JobEvent job, int count) {
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> runner.ledger().requests(job.id()).stream()
                                .filter(request -> request.span().endNanos().isPresent())
                                .count()
                        >= count);
    }

    /** Waits until so many requests of the type have ended. */
    void awaitEnded(String type, int count) {
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> runner.ledger().tally().stream()
                                .filter(tally -> tally.type().equals(type)
                                        && tally.ending().outcome() != Outcome.OPEN)
                                .mapToLong(LedgerTally::count)
                                .sum()
                        >= count);
    }

    void createTopic(String topic, int partitions) {
        create(List.of(new NewTopic(topic, partitions, (short) 1)));
    }

    /** Waits until everything in the topics of {@code types} is committed. */
    void awaitCommitted(String group, Collection<String> topics) {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(50)).untilAsserted(() -> {
            Map<TopicPartition, Long> ends = ends(topics);
            Map<TopicPartition, Long> committed = committed(group);
            ends.forEach((partition, end) -> {
                if (end > 0) {
                    assertThat(committed).containsEntry(partition, end);
                }
            });
        });
    }

    /** Commits an offset of the first partition for a group that has no members. */
    void commit(String group, String topic, long offset) {
        Map<TopicPartition, OffsetAndMetadata> offsets =
                Map.of(new TopicPartition(topic, 0), new OffsetAndMetadata(offset));
        get(admin.alterConsumerGroupOffsets(group, offsets).all());
    }

    Map<TopicPartition, Long> committed(String group) {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        get(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
                .forEach((partition, offset) -> {
                    if (offset != null) {
                        offsets.put(partition, offset.offset());
                    }
                });
        return offsets;
    }

    /** The present members of the main lane's group. */
    Collection<MemberDescription> members() {
        return members(group());
    }

    Collection<MemberDescription> members(String group) {
        return get(admin.describeConsumerGroups(List.of(group)).all()).values().stream()
                .flatMap(description -> description.members().stream())
                .toList();
    }

    Map<TopicPartition, OffsetAndMetadata> commits(String group) {
        return get(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
    }

    Map<TopicPartition, Long> ends(Collection<String> topics) {
        Map<TopicPartition, OffsetSpec> wanted = get(
                        admin.describeTopics(topics).allTopicNames())
                .values()
                .stream()
                .flatMap(topic ->
                        topic.partitions().stream().map(info -> new TopicPartition(topic.name(), info.partition())))
                .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest()));
        Map<TopicPartition, Long> ends = new HashMap<>();
        get(admin.listOffsets(wanted).all()).forEach((partition, end) -> ends.put(partition, end.offset()));
        return ends;
    }

    /** A reader of the topic, closed with the bed. */
    TopicTail tail(String topic) {
        TopicTail tail = new TopicTail(bootstrapServers, topic);
        tails.add(tail);
        return tail;
    }

    /** What the admin port answers. */
    HttpResponse<String> admin(Service service, String path) {
        return get(service.adminPort(), path);
    }

    /** What a port of this machine answers. */
    static HttpResponse<String> get(int port, String path) {
        try {
            return HTTP.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    Scrape scrape(Service service) {
        return scrape(service.adminPort());
    }

    Scrape scrape(int adminPort) {
        return Scrape.of(get(adminPort, "/metrics").body());
    }

    @Override
    public void close() {
        services.forEach(Service::stop);
        tails.forEach(TopicTail::close);
        producer.close();
        admin.close();
        runner.close();
    }

    private void create(Collection<NewTopic> topics) {
        get(admin.createTopics(topics).all());
        Map<TopicPartition, OffsetSpec> partitions = topics.stream()
                .flatMap(topic -> IntStream.range(0, topic.numPartitions())
                        .mapToObj(partition -> new TopicPartition(topic.name(), partition)))
                .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest()));
        // Only a leader knows its offsets; a producer that is faster than it may write twice, and gives up after 30 s.
        // And a broker may say at first that it has never heard of a topic that it has just created.
        await().atMost(PATIENCE)
                .ignoreException(UnknownTopicOrPartitionException.class)
                .until(() -> get(admin.listOffsets(partitions).all()).size() == partitions.size());
    }

    private static <T> T get(KafkaFuture<T> answer) {
        return Answers.await(answer);
    }
}
