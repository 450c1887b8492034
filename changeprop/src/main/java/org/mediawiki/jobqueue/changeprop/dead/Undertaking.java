package org.mediawiki.jobqueue.changeprop.dead;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.apache.kafka.common.KafkaException;
import org.mediawiki.jobqueue.changeprop.event.EventEncoder;
import org.mediawiki.jobqueue.changeprop.event.JobEvent;
import org.mediawiki.jobqueue.changeprop.event.TriggeredBy;
import org.mediawiki.jobqueue.changeprop.publish.Outbox;
import org.mediawiki.jobqueue.changeprop.publish.Outbox.OutboundEvent;
import org.mediawiki.jobqueue.changeprop.publish.Outbox.Receipt;
import org.mediawiki.jobqueue.changeprop.topic.Topics;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out an order for a handful of dead jobs: claims them, sends those that are to run again, waits until all in-sync
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
final class Undertaking {

    /** How long somebody who asked waits for Kafka; what is written later is marked later. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final String REASON = "replayed";
    private static final Logger LOG = LoggerFactory.getLogger(Undertaking.class);

    private final Marks marks;
    private final Outbox outbox;
    private final EventEncoder encoder;
    private final Topics topics;
    private final Families families;

    Undertaking(Marks marks, Outbox outbox, EventEncoder encoder, Topics topics, Families families) {
        this.marks = marks;
        this.outbox = outbox;
        this.encoder = encoder;
        this.topics = topics;
        this.families = families;
    }

    /** All of {@code records} are meant. */
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
        Map<DeadJobId, Mark> ours = await(marks.claim(topicId, ids(free), order.by(), order.reason()));
        List<ErrorRecord> claimed = free.stream()
                .filter(record -> ours.containsKey(record.job().id()))
                .toList();
        return conclude(
                topicId, claimed, ours, order, new Counted(records.size(), able.size() - claimed.size(), unable));
    }

    private record Counted(int matched, int taken, int unable) {}

    /** Everything is sent before anything is waited for. */
    private Outcome conclude(
            String topicId, List<ErrorRecord> claimed, Map<DeadJobId, Mark> claims, Order order, Counted counted) {
        AtomicInteger tooLarge = new AtomicInteger();
        List<CompletableFuture<Boolean>> ends = new ArrayList<>();
        for (ErrorRecord record : claimed) {
            DeadJobId id = record.job().id();
            Mark claim = claims.getOrDefault(
                    id, new Mark(DeadJobState.CLAIMED, "", "", record.job().at(), ""));
            Function<Receipt, CompletableFuture<Void>> mark = receipt -> {
                if (receipt == Receipt.TOO_LARGE) {
                    tooLarge.incrementAndGet();
                    return marks.release(topicId, id);
                }
                return marks.conclude(topicId, id, order.outcome(), claim);
            };
            CompletableFuture<Receipt> sent = order.kind() == Order.Kind.REPLAY
                    ? send(record)
                    : CompletableFuture.completedFuture(Receipt.ACKNOWLEDGED);
            ends.add(sent.thenCompose(
                    receipt -> mark.apply(receipt).thenApply(ignored -> receipt == Receipt.ACKNOWLEDGED)));
        }
        awaitAll(ends);
        List<ErrorRecord> done = new ArrayList<>();
        int pending = 0;
        for (int i = 0; i < ends.size(); i++) {
            CompletableFuture<Boolean> end = ends.get(i);
            if (!end.isDone() || end.isCompletedExceptionally()) {
                pending++;
            } else if (end.join()) {
                done.add(claimed.get(i));
            }
        }
        // So that whoever looks next sees it, here at least.
        await(marks.caughtUp());
        return outcome(counted.matched(), done, counted.taken(), counted.unable() + tooLarge.get(), pending);
    }

    private CompletableFuture<Receipt> send(ErrorRecord record) {
        JobEvent event = record.event().orElseThrow();
        Families.Family family = families.of(event.stream()).orElseThrow();
        EventEncoder.Return details = new EventEncoder.Return(
                topics.streamOf(family.retryTopic()), family.rule(), TriggeredBy.first(event), family.retriesLeft());
        Future<Receipt> receipt = outbox.send(new OutboundEvent(
                family.retryTopic(),
                record.job().id().partition(),
                encoder.waiting(event, record.raw(), details, REASON)));
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

    private static void awaitAll(List<CompletableFuture<Boolean>> ends) {
        try {
            CompletableFuture.allOf(ends.toArray(new CompletableFuture<?>[0]))
                    .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug("Each is looked at by itself", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static <T> T await(CompletableFuture<T> answer) {
        try {
            return answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException cause ? cause : new KafkaException(e.getCause());
        } catch (TimeoutException e) {
            throw new org.apache.kafka.common.errors.TimeoutException("no answer within " + PATIENCE, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted", e);
        }
    }
}
