package org.mediawiki.jobqueue.changeprop.schedule;

import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;

/** One life of the Kafka Streams application: from its start to its first failure, or until it is closed. */
final class Application {

    private final StreamsClients clients;
    private final KafkaStreams streams;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    Application(Topology topology, Properties properties, SchedulerListener listener) {
        clients = new StreamsClients(listener);
        streams = new KafkaStreams(topology, properties, clients);
        streams.setUncaughtExceptionHandler(thrown -> {
            failure.compareAndSet(null, thrown);
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
        streams.setStateListener((now, before) -> {
            if (now == KafkaStreams.State.ERROR || now == KafkaStreams.State.NOT_RUNNING) {
                ended.complete(null);
            }
        });
    }

    void start() {
        streams.start();
    }

    /** Returns when it has ended, when {@code closing} is complete, or when {@code atMost} has passed; whether one of both. */
    boolean awaitEnd(CompletableFuture<Void> closing, Duration atMost) {
        try {
            CompletableFuture.anyOf(ended, closing).get(atMost.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException stillRunning) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException("nobody fails these", e);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    /** What it ended with. */
    Optional<Throwable> failure() {
        return Optional.ofNullable(failure.get());
    }

    /** Leaves the group, so that others take over at once. Returns whether every thread has ended. */
    boolean close(Duration patience) {
        return streams.close(CloseOptions.groupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP)
                .withTimeout(patience));
    }

    /** As {@link #close}; a thread that waits for records meanwhile waits no longer, and so ends without a clean end. */
    boolean closeByForce(Duration patience) {
        clients.wakeUp();
        return close(patience);
    }

    Optional<String> unready() {
        KafkaStreams.State state = streams.state();
        return state == KafkaStreams.State.RUNNING
                ? Optional.empty()
                : Optional.of("the scheduler is " + state + ": its stores are being rebuilt or handed over");
    }

    ReadOnlyKeyValueStore<byte[], byte[]> store(int partition) {
        try {
            return streams.store(StoreQueryParameters.fromNameAndType(
                            SchedulerTopology.EVENTS, QueryableStoreTypes.<byte[], byte[]>keyValueStore())
                    .withPartition(partition));
        } catch (IllegalStateException e) {
            throw new InvalidStateStoreException(e);
        }
    }
}
