package org.mediawiki.jobqueue.loadtest.measure;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.mediawiki.jobqueue.changeprop.embedded.EmbeddedKafkaOptions;

/** The {@linkplain Passage ways} of instances to the brokers; without any, instances connect to the brokers themselves. */
final class Passages implements AutoCloseable {

    private final List<Passage> passages = new ArrayList<>();
    private final @Nullable Vertx vertx;

    /** One for each of so many instances; 0 for none at all. */
    Passages(int instances, int brokers) {
        vertx = instances == 0 ? null : Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
        for (int instance = 0; vertx != null && instance < instances; instance++) {
            passages.add(new Passage(vertx, "INSTANCE_" + instance, brokers));
        }
    }

    /** What the brokers need for them. */
    EmbeddedKafkaOptions on(EmbeddedKafkaOptions options) {
        EmbeddedKafkaOptions all = options;
        for (Passage passage : passages) {
            all = all.withListener(passage.listener());
        }
        return all;
    }

    void open() {
        passages.forEach(Passage::open);
    }

    /** Where an instance connects to. */
    String bootstrapServers(int instance, Cluster kafka) {
        return passages.isEmpty()
                ? kafka.bootstrapServers()
                : passages.get(instance).bootstrapServers();
    }

    Passage of(int instance) {
        return passages.get(instance);
    }

    @Override
    public void close() {
        passages.forEach(Passage::close);
        if (vertx != null) {
            vertx.close().await();
        }
    }
}
