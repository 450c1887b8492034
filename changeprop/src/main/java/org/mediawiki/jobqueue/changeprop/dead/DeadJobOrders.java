package org.mediawiki.jobqueue.changeprop.dead;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.apache.kafka.common.KafkaException;
import org.mediawiki.jobqueue.changeprop.event.EventEncoder;
import org.mediawiki.jobqueue.changeprop.event.JobEvent;
import org.mediawiki.jobqueue.changeprop.event.TriggeredBy;
import org.mediawiki.jobqueue.changeprop.kafka.Answers;
import org.mediawiki.jobqueue.changeprop.publish.Outbox;
import org.mediawiki.jobqueue.changeprop.publish.Outbox.OutboundEvent;
import org.mediawiki.jobqueue.changeprop.publish.Outbox.Receipt;
import org.mediawiki.jobqueue.changeprop.topic.Topics;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out an order for a batch of dead jobs: claims them, sends those that are to run again, waits until all in-sync
 * replicas have them, and marks them. Blocks, on the reader's thread.
 *
 * <pre>
 *   dead ──claim──▶ claimed ──retry event acknowledged──▶ replayed
 *                      │  └──(an order to drop)─────────▶ dropped
 *                      └──too large for the topic───────▶ dead
 * </pre>
 *
 * <p>Where the process dies between the acknowledgement and the mark, the claim lapses and the job may be replayed once
 * more: nothing is lost, and de-duplication skips it if it is done by then.
 */
final class DeadJobOrders {

    /** How long somebody who asked waits for Kafka; what is written later is marked later. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final String REASON = "replayed";
    private static final Logger LOG = LoggerFactory.getLogger(DeadJobOrders.class);

    private final Marks marks;
    private final Outbox outbox;
    private final EventEncoder encoder;
    private final Topics topics;
    private final Families families;

    /** Of retry events that Kafka has not acknowledged yet. Added to by the reader's thread, taken from by any. */
    private final AtomicLong unwrittenBytes = new AtomicLong();

    DeadJobOrders(Marks marks, Outbox outbox, EventEncoder encoder, Topics topics, Families families) {
        this.marks = marks;
        this.outbox = outbox;
        this.encoder = encoder;
        this.topics = topics;
        this.families = families;
    }

    /**
     * All of {@code records} are meant. Throws a {@link KafkaException} where Kafka does not answer, or has not yet written
     * a {@link DeadJobBatch} of what was replayed before: the outbox keeps what it is given.
     */
    Outcome carryOut(String topicId, List<ErrorRecord> records, Order order) {
        List<ErrorRecord> able =
                records.stream().filter(record -> isAble(record, order)).toList();
        int unable = records.size() - able.size();
        List<ErrorRecord> free = able.stream()
                .filter(record -> marks.state(topicId, record.job().id()) == DeadJobState.DEAD)
                .toList();
        if (order.dryRun()) {
            return outcome(records.size(), free, able.size() - free.size(), unable, 0);
        }
        if (order.needsBytes() && unwrittenBytes.get() >= DeadJobBatch.BYTES) {
            throw new org.apache.kafka.common.errors.TimeoutException(
                    "what was replayed before is not written yet, and no more will be until it is");
        }
        List<Claim> claims = claims(topicId, free, order);
        // Everything is sent before anything is waited for.
        List<Undertaken> all = claims.stream()
                .map(claim -> new Undertaken(claim.record(), conclude(topicId, claim, order)))
                .toList();
        awaitAll(all);
        // Once: what is pending now may end meanwhile.
        Map<End, List<ErrorRecord>> ended = all.stream()
                .collect(Collectors.groupingBy(
                        Undertaken::now, Collectors.mapping(Undertaken::record, Collectors.toList())));
        // So that whoever looks next sees it, here at least.
        Answers.await(marks.caughtUp(), PATIENCE);
        return outcome(
                records.size(),
                ended.getOrDefault(End.DONE, List.of()),
                able.size() - claims.size(),
                unable + ended.getOrDefault(End.TOO_LARGE, List.of()).size(),
                ended.getOrDefault(End.PENDING, List.of()).size());
    }

    /** A dead job that is ours to do something about; {@code mark} says so. */
    private record Claim(ErrorRecord record, Mark mark) {}

    /** What becomes of a claim. */
    private enum End {
        DONE,
        TOO_LARGE,
        /** Not written yet, or it could not be: then the claim lapses. */
        PENDING
    }

    private record Undertaken(ErrorRecord record, CompletableFuture<End> end) {

        End now() {
            return end.isDone() && !end.isCompletedExceptionally() ? end.join() : End.PENDING;
        }
    }

    private List<Claim> claims(String topicId, List<ErrorRecord> free, Order order) {
        Map<DeadJobId, Mark> ours =
                Answers.await(marks.claim(topicId, ids(free), order.by(), order.reason()), PATIENCE);
        return free.stream()
                .flatMap(record -> Optional.ofNullable(ours.get(record.job().id())).stream()
                        .map(mark -> new Claim(record, mark)))
                .toList();
    }

    private CompletableFuture<End> conclude(String topicId, Claim claim, Order order) {
        DeadJobId id = claim.record().job().id();
        CompletableFuture<Receipt> sent = order.kind() == Order.Kind.REPLAY
                ? send(claim.record())
                : CompletableFuture.completedFuture(Receipt.ACKNOWLEDGED);
        return sent.thenCompose(receipt -> receipt == Receipt.TOO_LARGE
                ? marks.release(topicId, id).thenApply(ignored -> End.TOO_LARGE)
                : marks.conclude(topicId, id, order.outcome(), claim.mark()).thenApply(ignored -> End.DONE));
    }

    private CompletableFuture<Receipt> send(ErrorRecord record) {
        JobEvent event = record.event().orElseThrow();
        Families.Family family = families.of(event.stream()).orElseThrow();
        EventEncoder.Return details = new EventEncoder.Return(
                topics.streamOf(family.retryTopic()), family.rule(), TriggeredBy.first(event), family.retriesLeft());
        Buffer value = encoder.waiting(event, record.raw(), details, REASON);
        int bytes = value.length();
        unwrittenBytes.addAndGet(bytes);
        Future<Receipt> receipt = outbox.send(
                        new OutboundEvent(family.retryTopic(), record.job().id().partition(), value))
                .onComplete(ended -> unwrittenBytes.addAndGet(-bytes));
        return receipt.toCompletionStage().toCompletableFuture();
    }

    private boolean isAble(ErrorRecord record, Order order) {
        return order.kind() == Order.Kind.DROP
                || record.event().flatMap(event -> families.of(event.stream())).isPresent();
    }

    private static Outcome outcome(int matched, List<ErrorRecord> done, int taken, int unable, int pending) {
        List<String> ids =
                ids(done).stream().limit(Outcome.MAX_IDS).map(DeadJobId::text).toList();
        return new Outcome(matched, done.size(), taken, unable, pending, ids);
    }

    private static List<DeadJobId> ids(List<ErrorRecord> records) {
        return records.stream().map(record -> record.job().id()).toList();
    }

    private static void awaitAll(List<Undertaken> all) {
        try {
            CompletableFuture.allOf(all.stream().map(Undertaken::end).toArray(CompletableFuture<?>[]::new))
                    .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug("Each is looked at by itself", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
