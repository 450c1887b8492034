package org.mediawiki.jobqueue.changeprop.kafka;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;

/** Answers that depend on Kafka, an admin client's and others, waited for. Blocks; never called on a context. */
public final class Answers {

    /** What brokers take at most that are in trouble, but not down. */
    public static final Duration PATIENCE = Duration.ofSeconds(15);

    private Answers() {}

    /**
     * Waits for the answer, for 15 s at most.
     *
     * @throws KafkaException the failure itself, or that the answer did not come
     */
    public static <T> T await(Future<T> answer) {
        return await(answer, PATIENCE);
    }

    /**
     * Waits for the answer, for {@code patience} at most.
     *
     * @throws KafkaException the failure itself, or that the answer did not come
     */
    public static <T> T await(Future<T> answer, Duration patience) {
        try {
            return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException cause ? cause : new KafkaException(e.getCause());
        } catch (java.util.concurrent.TimeoutException e) {
            throw new TimeoutException("no answer within " + patience, e);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }
}
