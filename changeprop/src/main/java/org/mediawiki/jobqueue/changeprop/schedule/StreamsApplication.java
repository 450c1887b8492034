package org.mediawiki.jobqueue.changeprop.schedule;

import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;

/** An application of Kafka Streams. */
final class StreamsApplication implements Application {

    private final StreamsClients clients;
    private final KafkaStreams streams;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    StreamsApplication(Topology topology, Properties properties, SchedulerListener listener) {
        clients = new StreamsClients(listener);
        streams = new KafkaStreams(topology, properties, clients);
        streams.setUncaughtExceptionHandler(thrown -> {
            failure.compareAndSet(null, thrown);
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
        streams.setStateListener((now, before) -> {
            // Both come last, when every thread has ended.
            if (now == KafkaStreams.State.ERROR || now == KafkaStreams.State.NOT_RUNNING) {
                ended.complete(null);
            }
        });
    }

    @Override
    public void start() {
        streams.start();
    }

    @Override
    public CompletableFuture<Void> end() {
        return ended;
    }

    @Override
    public Optional<Throwable> failure() {
        return Optional.ofNullable(failure.get());
    }

    @Override
    public boolean close(Duration patience) {
        return streams.close(CloseOptions.groupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP)
                .withTimeout(patience));
    }

    @Override
    public boolean closeByForce(Duration patience) {
        clients.wakeUp();
        return close(patience);
    }

    @Override
    public Optional<String> unready() {
        KafkaStreams.State state = streams.state();
        return state == KafkaStreams.State.RUNNING
                ? Optional.empty()
                : Optional.of("the scheduler is " + state + ": its stores are being rebuilt or handed over");
    }

    @Override
    public ReadOnlyKeyValueStore<byte[], byte[]> store(int partition) {
        try {
            return streams.store(StoreQueryParameters.fromNameAndType(
                            SchedulerTopology.EVENTS, QueryableStoreTypes.<byte[], byte[]>keyValueStore())
                    .withPartition(partition));
        } catch (IllegalStateException e) {
            throw new InvalidStateStoreException(e);
        }
    }
}
