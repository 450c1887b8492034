package org.mediawiki.jobqueue.changeprop.app;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.mediawiki.jobqueue.changeprop.admin.Vitals;
import org.mediawiki.jobqueue.changeprop.config.Configuration;
import org.mediawiki.jobqueue.changeprop.config.KafkaConfig;
import org.mediawiki.jobqueue.changeprop.event.EventEncoder;
import org.mediawiki.jobqueue.changeprop.kafka.KafkaClients;
import org.mediawiki.jobqueue.changeprop.metrics.SchedulerMeters;
import org.mediawiki.jobqueue.changeprop.metrics.StoreMeters;
import org.mediawiki.jobqueue.changeprop.publish.Outbox;
import org.mediawiki.jobqueue.changeprop.publish.Outbox.OutboundEvent;
import org.mediawiki.jobqueue.changeprop.publish.OwnTopics;
import org.mediawiki.jobqueue.changeprop.schedule.Destinations;
import org.mediawiki.jobqueue.changeprop.schedule.Scheduler;
import org.mediawiki.jobqueue.changeprop.schedule.SchedulerSettings;
import org.mediawiki.jobqueue.changeprop.schedule.WaitingJobs;
import org.mediawiki.jobqueue.changeprop.topic.Topics;
import org.mediawiki.jobqueue.runner.Failure;
import org.mediawiki.jobqueue.runner.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The scheduler of this process, which all its lanes share. Its methods may be called on any thread. */
final class RunningScheduler implements Vitals {

    /** Without a clean end the next start reads the store from Kafka again: nothing is lost, only time. */
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);

    /** What is due for so long is not going to be released by waiting: a topic may have no leader. */
    private static final Duration LONGEST_LATENESS = Duration.ofMinutes(1);

    /** One thread does for far more than waits in practice. */
    private static final int THREADS = 1;

    /** No lane can have this name. */
    private static final String NAME = "the scheduler";

    /** Stands in error events in the place of a job's rule. */
    private static final String RULE = "scheduler";

    private static final Logger LOG = LoggerFactory.getLogger(RunningScheduler.class);

    private final Vertx vertx;
    private final StateFolder folder;
    private final Admin admin;
    private final Scheduler scheduler;
    private final SchedulerMeters meters;
    private final StoreMeters store;
    private final InstantSource clock;

    RunningScheduler(Vertx vertx, SharedParts shared) {
        Configuration configuration = shared.configuration();
        KafkaConfig kafka = configuration.kafka();
        Topics topics = shared.topics();
        this.vertx = vertx;
        this.clock = Time.of(vertx);
        this.folder = folderOf(configuration);
        folder.keepFresh(vertx);
        this.admin = new KafkaClients(kafka, shared.instance() + "-scheduler-topics").admin();
        this.meters = shared.metrics().scheduler();
        this.store = shared.metrics().store(folder.path());
        OwnTopics ownTopics = shared.ownTopics(admin);
        EventEncoder encoder =
                new EventEncoder(topics, clock, () -> UUID.randomUUID().toString());
        this.scheduler = Scheduler.open(
                kafka,
                shared.instance() + "-scheduler",
                topics,
                new SchedulerSettings(
                        folder.path(), configuration.scheduler().memory().bytes(), THREADS),
                new Scheduler.Ports(
                        destinations(ownTopics), (value, why) -> refused(topics, encoder, value, why), meters, clock));
    }

    void start() {
        scheduler.start();
    }

    /** Blocks for some seconds at most. */
    void close() throws InterruptedException {
        if (!scheduler.close(CLOSE_PATIENCE)) {
            LOG.warn("The scheduler did not end cleanly; its next start reads what waits from Kafka again");
        }
        admin.close(CLOSE_PATIENCE);
        folder.close();
    }

    /** Begins anew, with other clients. */
    void renew() {
        scheduler.renew();
    }

    /** What waits here. Orders are sent through {@code outbox}. */
    WaitingJobs waitingJobs(Outbox outbox) {
        return scheduler.waitingJobs(outbox);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Optional<String> unready() {
        return scheduler.unready().or(this::standsStill);
    }

    @Override
    public Future<Optional<String>> unhealthy() {
        return Future.succeededFuture(scheduler.unhealthy());
    }

    @Override
    public Future<Void> refreshMetrics() {
        // Where the disk does not answer, nothing else that the caller wants to know has to stand behind it.
        return vertx.executeBlocking(
                () -> {
                    meters.refresh(scheduler.depthByType(), scheduler.firstDue(), clock);
                    store.refresh();
                    return null;
                },
                false);
    }

    private Optional<String> standsStill() {
        return scheduler
                .firstDue()
                .map(due -> Duration.between(due, clock.instant()))
                .filter(late -> late.compareTo(LONGEST_LATENESS) > 0)
                .map(late -> "what is due first has been due for " + late);
    }

    private static StateFolder folderOf(Configuration configuration) {
        Path given = configuration.scheduler().folder();
        if (given != null) {
            return StateFolder.at(given);
        }
        String name = "jobqueue-scheduler-" + configuration.dc() + "-" + configuration.service();
        return StateFolder.firstFreeIn(Path.of(System.getProperty("java.io.tmpdir"), name));
    }

    private static Destinations destinations(OwnTopics ownTopics) {
        return new Destinations() {
            @Override
            public void ensure(String topic) {
                ownTopics.ensure(topic);
            }

            @Override
            public void forget(String topic) {
                ownTopics.forget(topic);
            }

            @Override
            public void forgetAll() {
                ownTopics.forgetAll();
            }
        };
    }

    private static OutboundEvent refused(Topics topics, EventEncoder encoder, Buffer value, String why) {
        Failure failure = Failure.withoutAnswer(Failure.Cause.INVALID_EVENT, 400, why);
        return new OutboundEvent(topics.errorTopic(), 0, encoder.invalid(value, RULE, failure));
    }
}
