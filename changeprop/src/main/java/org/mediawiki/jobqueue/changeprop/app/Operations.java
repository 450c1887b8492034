package org.mediawiki.jobqueue.changeprop.app;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Producer;
import org.jspecify.annotations.Nullable;
import org.mediawiki.jobqueue.changeprop.audit.AuditLog;
import org.mediawiki.jobqueue.changeprop.bulletin.Bulletin;
import org.mediawiki.jobqueue.changeprop.config.Configuration;
import org.mediawiki.jobqueue.changeprop.config.EffectiveConfig;
import org.mediawiki.jobqueue.changeprop.config.JobTypePolicy;
import org.mediawiki.jobqueue.changeprop.dead.DeadJobs;
import org.mediawiki.jobqueue.changeprop.dead.Families;
import org.mediawiki.jobqueue.changeprop.dead.MarkBoard;
import org.mediawiki.jobqueue.changeprop.kafka.KafkaClients;
import org.mediawiki.jobqueue.changeprop.publish.KafkaOutbox;
import org.mediawiki.jobqueue.changeprop.publish.Outbox;
import org.mediawiki.jobqueue.changeprop.publish.OwnTopics;
import org.mediawiki.jobqueue.changeprop.topic.JobTopic;
import org.mediawiki.jobqueue.changeprop.topic.Topics;
import org.mediawiki.jobqueue.runner.Time;

/** What operators' work needs of Kafka: the topic of operations, dead jobs, the audit, and a way to write events. */
final class Operations implements AutoCloseable {

    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(1);
    private static final Duration WRITE_PATIENCE = Duration.ofSeconds(10);

    /** What one dead job takes in the index, generously. */
    private static final int BYTES_PER_DEAD_JOB = 600;

    /** The part of the heap that the index may take. */
    private static final int HEAP_PART = 32;

    private static final int LEAST_DEAD_JOBS = 5_000;
    private static final int MOST_DEAD_JOBS = 500_000;

    private final Topics topics;
    private final Supplier<Configuration> configuration;
    private final Admin admin;
    private final KafkaOutbox outbox;
    private final DeadJobs dead;
    private final AuditLog audit;
    private final Bulletin bulletin;

    /** Makes the clients; they connect when they are used. {@code configuration} is what is in force. */
    Operations(Vertx vertx, SharedParts shared, Supplier<Configuration> configuration) {
        this.topics = shared.topics();
        this.configuration = configuration;
        KafkaClients clients = new KafkaClients(shared.configuration().kafka(), shared.instance() + "-operations");
        this.admin = clients.admin();
        OwnTopics ownTopics = shared.ownTopics(admin);
        Producer<byte[], byte[]> orders = clients.producer();
        Producer<byte[], byte[]> writer = clients.promptProducer(WRITE_PATIENCE);
        shared.metrics().producer("orders").producer(orders::metrics);
        shared.metrics().producer("operations").producer(writer::metrics);
        this.outbox = new KafkaOutbox(
                vertx,
                orders,
                ownTopics,
                Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "outbox-operations")),
                (topic, partition) -> shared.metrics().produced(topics.streamOf(topic), partition));
        Time time = Time.of(vertx);
        Families families = this::familyOf;
        this.dead = DeadJobs.of(
                topics,
                capacity(),
                new DeadJobs.Ports(clients.follower(), clients.reader(), admin, outbox, new Board(), families),
                time,
                Operations::newId);
        this.audit = new AuditLog(this::write, shared.instance(), time, Operations::newId);
        this.bulletin = new Bulletin(
                topics.operationsTopic(),
                new Bulletin.Clients(clients.follower(), writer, clients.admin()),
                ownTopics,
                this::told);
    }

    void start() {
        bulletin.start();
        dead.start();
    }

    DeadJobs dead() {
        return dead;
    }

    AuditLog audit() {
        return audit;
    }

    /** For orders of operators; closed with this. */
    Outbox outbox() {
        return outbox;
    }

    /** Blocks for some seconds at most. */
    @Override
    public void close() {
        dead.close();
        bulletin.close();
        outbox.close(CLOSE_PATIENCE);
        admin.close(CLOSE_PATIENCE);
    }

    private void told(String key, byte @Nullable [] value, Instant at) {
        if (key.startsWith(AuditLog.PREFIX)) {
            audit.told(key, value);
        } else {
            dead.told(key, value);
        }
    }

    private CompletableFuture<Void> write(String key, byte @Nullable [] value) {
        return bulletin.write(key, value);
    }

    private CompletableFuture<Void> caughtUp() {
        return bulletin.caughtUp();
    }

    /** By the rule that runs the type now, whatever ran it when it died. */
    private Optional<Families.Family> familyOf(String stream) {
        String topic = configuration.get().dc() + "." + stream;
        EffectiveConfig effective = new EffectiveConfig(configuration.get());
        return topics.parse(topic)
                .map(JobTopic::type)
                .flatMap(type -> effective
                        .laneOf(type)
                        .map(lane -> effective.policyFor(lane, type))
                        .map(policy -> family(topic, policy)));
    }

    private Families.Family family(String topic, JobTypePolicy policy) {
        int first = policy.settings().retry().limit() + 1;
        return new Families.Family(topics.retryTopicOf(topic), policy.rule(), first);
    }

    private static int capacity() {
        long fit = Runtime.getRuntime().maxMemory() / HEAP_PART / BYTES_PER_DEAD_JOB;
        return (int) Math.max(LEAST_DEAD_JOBS, Math.min(MOST_DEAD_JOBS, fit));
    }

    private static String newId() {
        return UUID.randomUUID().toString();
    }

    /** The bulletin is made after those who write to it, and who are told by it. */
    private final class Board implements MarkBoard {

        @Override
        public CompletableFuture<Void> write(String key, byte @Nullable [] value) {
            return Operations.this.write(key, value);
        }

        @Override
        public CompletableFuture<Void> caughtUp() {
            return Operations.this.caughtUp();
        }
    }
}
