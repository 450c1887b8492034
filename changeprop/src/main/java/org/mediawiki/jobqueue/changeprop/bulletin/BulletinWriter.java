package org.mediawiki.jobqueue.changeprop.bulletin;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.mediawiki.jobqueue.changeprop.publish.OwnTopics;

/** Writes one record after the other, on a thread of its own, since the producer's calls may block. */
final class BulletinWriter {

    /** Far more than a lane has jobs running. */
    private static final int MOST_WAITING = 100_000;

    private final String topic;
    private final Producer<byte[], byte[]> producer;
    private final OwnTopics ownTopics;
    private final ExecutorService thread;

    BulletinWriter(String topic, Producer<byte[], byte[]> producer, OwnTopics ownTopics) {
        this.topic = topic;
        this.producer = producer;
        this.ownTopics = ownTopics;
        this.thread =
                new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(MOST_WAITING), task -> {
                    Thread writer = new Thread(task, "bulletin-" + topic + "-writer");
                    writer.setDaemon(true);
                    return writer;
                });
    }

    CompletableFuture<Void> write(String key, byte @Nullable [] value) {
        Letter letter = new Letter(key, value);
        try {
            thread.execute(letter);
        } catch (RejectedExecutionException e) {
            letter.fail(new KafkaException("the bulletin is closed, or too much waits to be written", e));
        }
        return letter.written.orTimeout(Bulletin.WRITE_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** What waits behind a call that blocks is not written any more; what has been sent has a moment to arrive. */
    void close() {
        thread.shutdown();
        try {
            boolean unused = thread.awaitTermination(BulletinReader.CLOSE_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        thread.shutdownNow().forEach(letter -> ((Letter) letter).fail(new KafkaException("the bulletin is closed")));
        producer.close(BulletinReader.CLOSE_PATIENCE);
    }

    private final class Letter implements Runnable {

        private final String key;
        private final byte @Nullable [] value;
        private final CompletableFuture<Void> written = new CompletableFuture<>();

        Letter(String key, byte @Nullable [] value) {
            this.key = key;
            this.value = value;
        }

        /** Without its topic nothing is written: a broker that creates topics by itself would not compact it. */
        @Override
        public void run() {
            if (written.isDone()) {
                // Too late: whoever wrote it has been told so.
                return;
            }
            try {
                ownTopics.ensure(topic);
                var unused = producer.send(
                        new ProducerRecord<>(topic, key.getBytes(StandardCharsets.UTF_8), value),
                        (metadata, failure) -> answered(failure));
            } catch (RuntimeException e) {
                fail(e);
            }
        }

        private void answered(@Nullable Exception failure) {
            if (failure == null) {
                written.complete(null);
            } else {
                fail(failure);
            }
        }

        void fail(Exception failure) {
            // The client wraps or hides that a topic is gone; looking again costs one question.
            ownTopics.forget(topic);
            written.completeExceptionally(failure);
        }
    }
}
