package org.mediawiki.jobqueue.changeprop.schedule;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.admin.Admin;
import org.mediawiki.jobqueue.changeprop.config.KafkaConfig;
import org.mediawiki.jobqueue.changeprop.config.KafkaConfigs;
import org.mediawiki.jobqueue.changeprop.kafka.KafkaClients;
import org.mediawiki.jobqueue.changeprop.publish.Outbox.OutboundEvent;
import org.mediawiki.jobqueue.changeprop.publish.OwnTopics;
import org.mediawiki.jobqueue.changeprop.topic.Topics;

/** A scheduler in a process of its own, which can be killed. */
final class SchedulerProcess {

    static final int PARTITIONS = 4;

    private SchedulerProcess() {}

    /** Brokers, service, folder. */
    public static void main(String[] args) throws InterruptedException {
        KafkaConfig kafka = config(args[0]);
        Admin admin = new KafkaClients(kafka, "child").admin();
        Scheduler scheduler = scheduler(kafka, new Topics("eqiad", args[1]), Path.of(args[2]), admin);
        scheduler.start();
        new CountDownLatch(1).await();
    }

    static Process start(String bootstrapServers, String service, Path folder) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SchedulerProcess.class.getName(),
                        bootstrapServers,
                        service,
                        folder.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolveSibling("child.log").toFile())
                .start();
    }

    static KafkaConfig config(String bootstrapServers) {
        return KafkaConfigs.of(bootstrapServers, PARTITIONS);
    }

    static Scheduler scheduler(KafkaConfig kafka, Topics topics, Path folder, Admin admin) {
        OwnTopics own = new OwnTopics(admin, topics, PARTITIONS, (short) 1);
        Destinations destinations = new Destinations() {
            @Override
            public void ensure(String topic) {
                own.ensure(topic);
            }

            @Override
            public void forgetAll() {}

            @Override
            public void forget(String topic) {
                own.forget(topic);
            }
        };
        ErrorEvents errors = (value, why) -> new OutboundEvent(topics.errorTopic(), 0, Buffer.buffer(why));
        return Scheduler.open(
                kafka,
                "test-" + folder.getFileName(),
                topics,
                new SchedulerSettings(folder, 64L << 20, 1),
                new Scheduler.Ports(destinations, errors, SchedulerListener.NONE, InstantSource.system()));
    }
}
