package org.mediawiki.jobqueue.changeprop.schedule;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.streams.StreamsConfig;
import org.mediawiki.jobqueue.changeprop.config.KafkaConfig;
import org.mediawiki.jobqueue.changeprop.kafka.Answers;
import org.mediawiki.jobqueue.changeprop.kafka.KafkaClients;
import org.mediawiki.jobqueue.changeprop.kafka.StreamsProperties;
import org.mediawiki.jobqueue.changeprop.publish.Outbox;
import org.mediawiki.jobqueue.changeprop.topic.Topics;

/**
 * Keeps what waits, and releases it when it is due (SPEC guarantee 5). Built on Kafka Streams, exactly once where the
 * brokers have transactions. Several processes share the work; each may be killed at any moment.
 *
 * <p>Nothing here blocks on Kafka but {@link #close}; everything may be called from any thread.
 */
public final class Scheduler {

    private final String application;
    private final SchedulerParts parts;
    private final RocksMemory memory;
    private final Supervisor supervisor;
    private final Thread thread;

    /** What the scheduler needs of its surroundings. */
    public record Ports(
            Destinations destinations, ErrorEvents errors, SchedulerListener listener, InstantSource clock) {}

    private Scheduler(KafkaConfig kafka, String clientId, Topics topics, SchedulerSettings settings, Ports ports) {
        this.application = topics.schedulerApplication();
        this.parts = new SchedulerParts(
                topics,
                ports.destinations(),
                ports.errors(),
                ports.listener(),
                new RefusedSizes(),
                new Indices(),
                ports.clock());
        this.memory = new RocksMemory(settings.memoryBytes());
        this.supervisor = new Supervisor(new OwnLives(kafka, clientId, settings, ports.clock()), ports.listener());
        this.thread = new Thread(supervisor, "scheduler");
        thread.setDaemon(true);
    }

    /**
     * A scheduler that has not started.
     *
     * @param clientId begins the {@code client.id} of every client, which brokers log and meter
     */
    public static Scheduler open(
            KafkaConfig kafka, String clientId, Topics topics, SchedulerSettings settings, Ports ports) {
        return new Scheduler(kafka, clientId, topics, settings, ports);
    }

    /** Starts it, once. Returns at once; Kafka may be there later. */
    public void start() {
        thread.start();
    }

    /**
     * Stops it; what waits is taken over by others. Blocks.
     *
     * @param patience how long to wait for a clean end; without one, the next start reads its stores from Kafka again
     * @return whether it ended cleanly
     */
    public boolean close(Duration patience) throws InterruptedException {
        supervisor.close();
        thread.join(Math.max(1, patience.toMillis()));
        if (thread.isAlive() || supervisor.leftRunning()) {
            return false;
        }
        memory.close();
        return true;
    }

    /** Begins anew, with other clients; what is due waits for a moment. Any thread; returns at once. */
    public void renew() {
        supervisor.renew();
    }

    /** Why it does not release what is due; for people. */
    public Optional<String> unready() {
        return supervisor.unready();
    }

    /** Why it will not go on by itself; empty where it will, or was not started. */
    public Optional<String> unhealthy() {
        return thread.getState() == Thread.State.TERMINATED && !supervisor.isClosing()
                ? Optional.of("the scheduler's thread has ended")
                : Optional.empty();
    }

    /** What waits. Orders are sent through {@code outbox}. */
    public WaitingJobs waitingJobs(Outbox outbox) {
        return new StoreQueries(
                supervisor, parts.indices(), outbox, parts.topics().scheduledTopic());
    }

    /** How many wait here, by job type; types that come to 0 are left out. For gauges: cheap, also while unready. */
    public Map<String, Long> depthByType() {
        return parts.indices().countByType();
    }

    /** When what is due first here is due, or was: how late it is tells what the scheduler fails to release. */
    public Optional<Instant> firstDue() {
        return parts.indices().nextDue().map(Instant::ofEpochMilli);
    }

    /** Lives of the real application. */
    private final class OwnLives implements Supervisor.Lives {

        private final KafkaClients clients;
        private final String clientId;
        private final StreamsProperties streams;
        private final SchedulerSettings settings;
        private final InstantSource clock;

        OwnLives(KafkaConfig kafka, String clientId, SchedulerSettings settings, InstantSource clock) {
            this.clients = new KafkaClients(kafka, clientId);
            this.clientId = clientId;
            this.streams = new StreamsProperties(kafka, clientId);
            this.settings = settings;
            this.clock = clock;
        }

        @Override
        public StoreFolder folder(Admin admin) {
            String cluster = Answers.await(admin.describeCluster().clusterId());
            return new StoreFolder(settings.folder(), cluster, clock);
        }

        @Override
        public void prepare() {
            String scheduled = parts.topics().scheduledTopic();
            // They may have been deleted since: that is one of the ways in which a life ends.
            parts.destinations().forgetAll();
            parts.destinations().ensure(scheduled);
        }

        @Override
        public Application create(boolean exactlyOnce, Path folder) {
            new ProcessIds(application).settle(folder, clientId);
            Properties properties = new Properties();
            properties.putAll(streams.of(application, exactlyOnce));
            properties.put(StreamsConfig.STATE_DIR_CONFIG, folder.toString());
            properties.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, settings.threads());
            // For what comes in, of which nobody waits for the commit: what goes out asks for its own.
            properties.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 1_000);
            // Between two polls it is seen that something is due, which is to be within a second; each costs half a
            // millisecond, also while nothing is to be done.
            properties.put(StreamsConfig.POLL_MS_CONFIG, 200);
            properties.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0L);
            properties.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, RocksSettings.class);
            properties.put(RocksSettings.MEMORY, memory);
            properties.put(StreamsConfig.PRODUCTION_EXCEPTION_HANDLER_CLASS_CONFIG, FailedWrites.class);
            properties.put(FailedWrites.SIZES, parts.sizes());
            properties.put(FailedWrites.DESTINATIONS, parts.destinations());
            return new StreamsApplication(SchedulerTopology.of(parts, exactlyOnce), properties, parts.listener());
        }

        @Override
        public Admin admin() {
            return clients.admin();
        }

        @Override
        public Purge purge(Admin admin) {
            return new Purge(admin, application, parts.topics().scheduledTopic());
        }

        @Override
        public AbandonedTransactions abandoned(Admin admin) {
            return new AbandonedTransactions(admin, application);
        }
    }
}
