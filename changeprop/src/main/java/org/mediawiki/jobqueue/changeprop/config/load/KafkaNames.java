package org.mediawiki.jobqueue.changeprop.config.load;

import java.util.Map;

/** What is worth telling about single Kafka properties. */
public final class KafkaNames {

    /** Properties that the file must not set, and why. */
    public static final Map<String, String> OWNED = Map.ofEntries(
            Map.entry("bootstrap.servers", "write the brokers under kafka.bootstrap_servers"),
            Map.entry("client.id", "clients are named after the service, the lane and what they do"),
            Map.entry("group.id", "groups are named after the service and the lane"),
            Map.entry("group.instance.id", "an instance's name is its own"),
            Map.entry("group.protocol", "the service depends on a cooperative assignor, and chooses it"),
            Map.entry("group.remote.assignor", "the service depends on a cooperative assignor, and chooses it"),
            Map.entry("partition.assignment.strategy", "the service depends on a cooperative assignor, and chooses it"),
            Map.entry("enable.auto.commit", "offsets are committed only when jobs are done"),
            Map.entry("auto.commit.interval.ms", "offsets are committed only when jobs are done"),
            Map.entry("auto.offset.reset", "see kafka.first_start"),
            Map.entry("allow.auto.create.topics", "job topics are created by those who write to them"),
            Map.entry("max.poll.interval.ms", "it follows from how long a hand-over may take"),
            Map.entry("isolation.level", "only committed records are read"),
            Map.entry("key.deserializer", "records are read as the bytes that they are"),
            Map.entry("value.deserializer", "records are read as the bytes that they are"),
            Map.entry("key.serializer", "records are written as the bytes that they are"),
            Map.entry("value.serializer", "records are written as the bytes that they are"),
            Map.entry("acks", "a job is safe only when all in-sync replicas have it"),
            Map.entry("enable.idempotence", "a resent record must not become a second job"),
            Map.entry("retries", "delivery.timeout.ms bounds how long the producer tries"),
            Map.entry("transactional.id", "retries are written by an idempotent producer, without transactions"));

    /** Names of librdkafka, which the legacy service uses, and what they are called here. */
    static final Map<String, String> OF_LIBRDKAFKA = Map.of(
            "metadata.broker.list", "kafka.bootstrap_servers",
            "compression.codec", "compression.type",
            "fetch.message.max.bytes", "max.partition.fetch.bytes",
            "message.max.bytes", "max.request.size",
            "queue.buffering.max.ms", "linger.ms",
            "log.connection.close", "not needed: leave it out",
            "ssl.ca.location", "ssl.truststore.location, with ssl.truststore.type: PEM",
            "ssl.certificate.location", "ssl.keystore.location, with ssl.keystore.type: PEM");

    private KafkaNames() {}
}
