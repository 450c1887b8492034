package org.mediawiki.jobqueue.changeprop.app;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Producer;
import org.mediawiki.jobqueue.changeprop.admin.Vitals;
import org.mediawiki.jobqueue.changeprop.admin.api.ThisInstance.Peer;
import org.mediawiki.jobqueue.changeprop.bulletin.Bulletin;
import org.mediawiki.jobqueue.changeprop.config.Configuration;
import org.mediawiki.jobqueue.changeprop.fleet.Fleet;
import org.mediawiki.jobqueue.changeprop.fleet.Identity;
import org.mediawiki.jobqueue.changeprop.fleet.Instance;
import org.mediawiki.jobqueue.changeprop.fleet.InstanceState;
import org.mediawiki.jobqueue.changeprop.fleet.Member;
import org.mediawiki.jobqueue.changeprop.fleet.Notes;
import org.mediawiki.jobqueue.changeprop.fleet.Presence;
import org.mediawiki.jobqueue.changeprop.kafka.KafkaClients;
import org.mediawiki.jobqueue.changeprop.metrics.QueueMetrics;
import org.mediawiki.jobqueue.changeprop.publish.OwnTopics;
import org.mediawiki.jobqueue.changeprop.topic.Topics;
import org.mediawiki.jobqueue.runner.Time;

/** This process in the fleet: its clients, its context, and what it tells. Its methods may be called on any thread. */
final class RunningFleet implements Vitals {

    /** No lane can have this name. */
    private static final String NAME = "the fleet";

    private final Identity identity;
    private final Time time;
    private final Context context;
    private final Presence presence;
    private final QueueMetrics metrics;
    private final String adminHost;

    /** {@code instance} is the name of this process. */
    RunningFleet(Vertx vertx, Configuration configuration, Topics topics, QueueMetrics metrics, String instance) {
        this.metrics = metrics;
        this.adminHost = configuration.admin().host();
        this.identity = new Identity(instance, UUID.randomUUID().toString());
        this.time = Time.of(vertx);
        this.context = vertx.getOrCreateContext();
        this.presence = new Presence(identity, bulletin(configuration, topics, instance, metrics), time);
    }

    /** Begins to be heard, with what {@code lanes} do, and to hear. */
    void begin(int adminPort, List<RunningLane> lanes) {
        Instance instance = new Instance(
                identity,
                time.instant(),
                Version.text(),
                hostName(),
                addressOf(adminHost, adminPort),
                lanes.stream().map(RunningLane::name).toList());
        context.runOnContext(ignored -> presence.begin(instance, () -> state(lanes)));
    }

    /** The others that are heard of, and where they can be asked. */
    List<Peer> others() {
        return presence.fleet().members().stream()
                .filter(Member::present)
                .map(Member::instance)
                .filter(instance -> !instance.identity().equals(identity))
                .flatMap(instance -> instance
                        .adminUri()
                        .map(uri -> new Peer(instance.identity().name(), uri))
                        .stream())
                .toList();
    }

    /** An instance as it has introduced itself, with what it said last of what it does; empty where it has ended. */
    Optional<HeardOf> heardOf(String name) {
        Fleet fleet = presence.fleet();
        return fleet.member(name).map(member -> new HeardOf(member.instance(), fleet.stateOf(name)));
    }

    /** {@code state} is empty where it has not said yet what it does. */
    record HeardOf(Instance instance, Optional<InstanceState> state) {}

    Notes notes() {
        return presence.notes();
    }

    @Override
    public String name() {
        return NAME;
    }

    /** Lanes work without it: partitions that come are late then, and what goes may run twice. */
    @Override
    public Future<Optional<String>> unhealthy() {
        return Future.succeededFuture(Optional.empty());
    }

    /** As {@link #unhealthy}. */
    @Override
    public Optional<String> unready() {
        return Optional.empty();
    }

    @Override
    public Future<Void> refreshMetrics() {
        Fleet fleet = presence.fleet();
        metrics.fleet(fleet.members().stream().filter(Member::present).count(), fleet.notes());
        return Future.succeededFuture();
    }

    /** Says that this instance has ended. Blocks for some seconds at most. */
    void close() {
        presence.close();
    }

    private static Function<Bulletin.Listener, Bulletin> bulletin(
            Configuration configuration, Topics topics, String instance, QueueMetrics metrics) {
        KafkaClients clients = new KafkaClients(configuration.kafka(), instance + "-fleet");
        Admin admin = clients.admin();
        OwnTopics ownTopics = SharedParts.ownTopics(configuration, topics, admin);
        Producer<byte[], byte[]> writer = clients.promptProducer(Bulletin.WRITE_PATIENCE);
        metrics.producer("fleet").producer(writer::metrics);
        Bulletin.Clients parts = new Bulletin.Clients(clients.follower(), writer, admin);
        return listener -> new Bulletin(topics.fleetTopic(), parts, ownTopics, listener);
    }

    /** Answered on our context: the lanes answer on theirs. */
    private Future<InstanceState> state(List<RunningLane> lanes) {
        Promise<InstanceState> answer = Promise.promise();
        Future.all(lanes.stream().map(RunningLane::state).toList())
                .onComplete(all -> context.runOnContext(ignored -> {
                    if (all.succeeded()) {
                        answer.complete(
                                new InstanceState(time.instant(), all.result().list()));
                    } else {
                        answer.fail(all.cause());
                    }
                }));
        return answer.future();
    }

    /** Where others reach a port that listens on {@code host}. */
    private static String addressOf(String host, int port) {
        boolean isEvery = host.equals("0.0.0.0") || host.equals("::");
        String name = isEvery ? ownAddress() : host;
        return (name.contains(":") ? "[" + name + "]" : name) + ":" + port;
    }

    private static String ownAddress() {
        try {
            return InetAddress.getLocalHost().getHostAddress();
        } catch (UnknownHostException e) {
            return InetAddress.getLoopbackAddress().getHostAddress();
        }
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
