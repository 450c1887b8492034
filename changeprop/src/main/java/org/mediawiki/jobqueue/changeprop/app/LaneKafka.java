package org.mediawiki.jobqueue.changeprop.app;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.mediawiki.jobqueue.changeprop.assign.Strays;
import org.mediawiki.jobqueue.changeprop.config.EffectiveConfig;
import org.mediawiki.jobqueue.changeprop.config.KafkaConfig;
import org.mediawiki.jobqueue.changeprop.consume.Lease;
import org.mediawiki.jobqueue.changeprop.consume.OtherLanes;
import org.mediawiki.jobqueue.changeprop.consume.PollLoop;
import org.mediawiki.jobqueue.changeprop.consume.PollSizeGuard;
import org.mediawiki.jobqueue.changeprop.consume.StartingOffsets;
import org.mediawiki.jobqueue.changeprop.kafka.KafkaClients;
import org.mediawiki.jobqueue.changeprop.kafka.Membership;
import org.mediawiki.jobqueue.changeprop.metrics.KafkaMeters;
import org.mediawiki.jobqueue.changeprop.offsets.GroupOffsets;
import org.mediawiki.jobqueue.changeprop.offsets.LegacyGroups;
import org.mediawiki.jobqueue.changeprop.offsets.LegacyMirror;
import org.mediawiki.jobqueue.changeprop.publish.KafkaOutbox;
import org.mediawiki.jobqueue.changeprop.publish.Outbox;
import org.mediawiki.jobqueue.changeprop.publish.OwnTopics;
import org.mediawiki.jobqueue.changeprop.topic.Topics;
import org.mediawiki.jobqueue.runner.Time;

/** A lane's clients of Kafka, and what must be done there before the lane may begin. */
final class LaneKafka {

    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(1);

    /** Above what {@code consume.HandOver} waits for at the most, the last commit included. */
    private static final Duration LONGEST_HAND_OVER = Duration.ofSeconds(30);

    /** For each question about what another lane has left: the poll thread waits, and a lease lasts 4.5 s. */
    private static final Duration PREDECESSOR_OFFSETS_PATIENCE = Duration.ofSeconds(1);

    private final SharedParts shared;
    private final KafkaClients clients;
    private final Admin admin;
    private final GroupOffsets offsets;
    private final Optional<LegacyMirror> mirror;
    private final OwnTopics ownTopics;
    private final KafkaOutbox outbox;
    private final KafkaMeters meters;

    /** Of the poll thread, whichever consumer it has. */
    private final Strays strays;

    /** Written by the lane's context, read by the poll thread. */
    private volatile LaneForm form;

    /** Makes the clients; they connect when they are used. */
    LaneKafka(Vertx vertx, LaneForm form, SharedParts shared) {
        this.form = form;
        this.shared = shared;
        this.strays = new Strays(Time.of(vertx));
        KafkaConfig config = shared.configuration().kafka();
        Topics topics = shared.topics();
        this.clients = new KafkaClients(config, shared.instance() + "-" + form.name());
        this.admin = clients.admin();
        this.offsets = new GroupOffsets(admin);
        this.mirror = config.mirrorLegacyOffsets()
                ? Optional.of(new LegacyMirror(offsets, legacyGroups(), form.group(), member()))
                : Optional.empty();
        this.ownTopics = shared.ownTopics(admin);
        Producer<byte[], byte[]> producer = clients.producer();
        this.meters = shared.metrics().kafka(form.name());
        meters.producer(producer::metrics);
        this.outbox = new KafkaOutbox(
                vertx,
                producer,
                ownTopics,
                Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "outbox-" + form.name())),
                (topic, partition) -> shared.metrics().produced(topics.streamOf(topic), partition));
    }

    Outbox outbox() {
        return outbox;
    }

    /** What waits for company on its way to Kafka leaves. Any thread. */
    void push() {
        outbox.push();
    }

    /** The right to start jobs of this lane's group. */
    Lease lease(Time time) {
        return new Lease(time, clients.sessionTimeout());
    }

    /** For the one loop, which owns the consumer. */
    PollLoop.Parts loopParts(Lease lease) {
        PollSizeGuard pollSizeGuard = new PollSizeGuard();
        return new PollLoop.Parts(
                () -> consumer(pollSizeGuard),
                pollSizeGuard,
                shared.topics(),
                new OtherLanes(new GroupOffsets(admin, PREDECESSOR_OFFSETS_PATIENCE), () -> form.otherGroups()),
                pollSettings(),
                strays,
                shared.notes(),
                lease,
                form.drainTimeout());
    }

    private Consumer<byte[], byte[]> consumer(PollSizeGuard pollSizeGuard) {
        Consumer<byte[], byte[]> consumer = clients.consumer(membership(), LONGEST_HAND_OVER, pollSizeGuard);
        meters.consumer(consumer::metrics);
        return consumer;
    }

    private Membership membership() {
        return new Membership(form.group(), member(), () -> form.plan(shared.topics()), strays);
    }

    private String member() {
        return shared.instance() + "-" + form.name();
    }

    /** By the form of the moment when they are asked. */
    private LegacyGroups legacyGroups() {
        return new LegacyGroups(shared.topics(), EffectiveConfig.LOW_TRAFFIC, type -> this.form.ruleName(type));
    }

    /** The lane has another form from here on. */
    void follow(LaneForm next) {
        form = next;
    }

    /** What the loop follows, by the present form. */
    PollLoop.Settings pollSettings() {
        return form.pollSettings(shared.topics(), shared.maxOpenBytesPerLane());
    }

    /** What the lane has not polled; answers on {@code context}. */
    Backlog backlog(Context context, Time time) {
        return new Backlog(context, admin, time);
    }

    /** What the loop needs before it begins: topics of ours, and where the group starts. Blocks. */
    void prepare() {
        Topics topics = shared.topics();
        ownTopics.ensure(topics.errorTopic());
        LaneForm present = form;
        boolean latest = shared.configuration().kafka().firstStart() == KafkaConfig.FirstStart.LATEST;
        if (latest) {
            ownTopics.ensure(topics.controlTopic());
        }
        TopicPartition mark = new TopicPartition(topics.controlTopic(), 0);
        new StartingOffsets(offsets, legacyGroups(), present.otherGroups(), mark, latest)
                .settle(present.group(), present.topicPattern(topics));
        mirror.ifPresent(LegacyMirror::start);
    }

    /** After the loop has ended. Blocks. */
    void close() throws InterruptedException {
        outbox.close(CLOSE_PATIENCE);
        if (mirror.isPresent()) {
            mirror.get().close(CLOSE_PATIENCE);
        }
        admin.close(CLOSE_PATIENCE);
    }
}
