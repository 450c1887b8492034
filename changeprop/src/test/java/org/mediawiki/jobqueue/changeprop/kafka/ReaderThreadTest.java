package org.mediawiki.jobqueue.changeprop.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ReaderThreadTest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
    private final Failing work = new Failing();
    private final ReaderThread thread =
            new ReaderThread("reader", consumer, Duration.ofMillis(20), Duration.ofSeconds(2), work);

    @AfterEach
    void close() {
        thread.close();
    }

    @Test
    void whateverATurnThrowsTheNextOneComes() {
        work.failures.addAll(List.of(
                new KafkaException("the brokers are down"),
                new IllegalStateException("nothing is assigned"),
                new NullPointerException("a bug"),
                new NoClassDefFoundError("a file of ours is gone")));

        thread.start();

        await().atMost(PATIENCE).until(() -> work.recoveries.get() == 1);
        assertThat(work.told)
                .containsExactly(
                        "KafkaException true",
                        "IllegalStateException false",
                        "NullPointerException false",
                        "NoClassDefFoundError false");
        assertThat(consumer.closed()).isFalse();
    }

    /** Fails as often as it is told to, and goes well after that. */
    private final class Failing implements ReaderThread.Work {

        private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
        private final Queue<String> told = new ConcurrentLinkedQueue<>();
        private final AtomicInteger recoveries = new AtomicInteger();

        @Override
        public void turn() {
            Throwable failure = failures.poll();
            if (failure instanceof RuntimeException exception) {
                throw exception;
            } else if (failure instanceof Error error) {
                throw error;
            }
            consumer.poll(Duration.ZERO);
        }

        @Override
        public void failed(Throwable why, boolean first) {
            told.add(why.getClass().getSimpleName() + " " + first);
        }

        @Override
        public void recovered() {
            recoveries.incrementAndGet();
        }
    }
}
