package org.mediawiki.jobqueue.changeprop.admin.api;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.jspecify.annotations.Nullable;
import org.mediawiki.jobqueue.changeprop.audit.AuditLog;
import org.mediawiki.jobqueue.changeprop.config.Configuration;
import org.mediawiki.jobqueue.changeprop.config.load.ConfigurationLoader;
import org.mediawiki.jobqueue.changeprop.control.Control;
import org.mediawiki.jobqueue.changeprop.control.Knob;
import org.mediawiki.jobqueue.changeprop.control.OperatorOverride;
import org.mediawiki.jobqueue.changeprop.dead.DeadJobs;
import org.mediawiki.jobqueue.changeprop.dead.MarkBoard;
import org.mediawiki.jobqueue.changeprop.topic.Topics;
import org.mediawiki.jobqueue.runner.Time;

/** What the API stands on, without Kafka: no dead jobs, no overrides, an audit that takes everything and tells of it. */
final class FakePorts {

    /** Two lanes, of which {@code main} has the pool and leaves {@code ThumbnailRender} alone. */
    private static final Configuration CONFIGURATION = configuration();

    private FakePorts() {}

    static AdminApi.Ports of(Vertx vertx, ThisInstance self, Runnable refused, Runnable audited) {
        Time time = Time.of(vertx);
        AuditLog audit = new AuditLog(
                (key, value) -> {
                    audited.run();
                    return CompletableFuture.completedFuture(null);
                },
                self.name(),
                time,
                () -> "1");
        return new AdminApi.Ports(self, deadJobs(time), new NoControl(), () -> CONFIGURATION, audit, refused);
    }

    private static Configuration configuration() {
        return new ConfigurationLoader(Map.of(), unusedFile -> true)
                .parse("""
                        kafka: {bootstrap_servers: ['kafka:9092']}
                        targets: {near: {uri: 'https://near/'}}
                        lanes:
                          main: {jobs: {refreshLinks: {}}, low_traffic: {}, exclude: [ThumbnailRender]}
                          video: {jobs: {webVideoTranscode: {}}}
                        """)
                .match(loaded -> loaded.configuration(), refused -> {
                    throw new AssertionError(refused.problems().toString());
                });
    }

    private static DeadJobs deadJobs(Time time) {
        MarkBoard board = new MarkBoard() {
            @Override
            public CompletableFuture<Void> write(String key, byte @Nullable [] value) {
                return new CompletableFuture<>();
            }

            @Override
            public CompletableFuture<Void> caughtUp() {
                return new CompletableFuture<>();
            }
        };
        Admin admin = Admin.create(Map.of("bootstrap.servers", "127.0.0.1:1"));
        admin.close(Duration.ZERO);
        return DeadJobs.of(
                new Topics("dc", "s"),
                10,
                new DeadJobs.Ports(
                        new MockConsumer<>("earliest"),
                        new MockConsumer<>("earliest"),
                        admin,
                        event -> Future.succeededFuture(),
                        board,
                        stream -> Optional.empty()),
                time,
                () -> "1");
    }

    /** Overrides that nobody sets. */
    private static final class NoControl implements Control {

        @Override
        public List<OperatorOverride> list() {
            return List.of();
        }

        @Override
        public CompletableFuture<Void> set(OperatorOverride override) {
            return new CompletableFuture<>();
        }

        @Override
        public CompletableFuture<Void> clear(Knob knob, String by, String reason) {
            return new CompletableFuture<>();
        }
    }
}
