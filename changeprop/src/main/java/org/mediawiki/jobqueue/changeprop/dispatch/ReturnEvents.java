package org.mediawiki.jobqueue.changeprop.dispatch;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import org.mediawiki.jobqueue.changeprop.event.EventEncoder;
import org.mediawiki.jobqueue.changeprop.event.EventEncoder.Return;
import org.mediawiki.jobqueue.changeprop.publish.Outbox.OutboundEvent;
import org.mediawiki.jobqueue.changeprop.publish.Outbox.Receipt;
import org.mediawiki.jobqueue.changeprop.schedule.Reason;
import org.mediawiki.jobqueue.changeprop.schedule.ScheduledEvent;
import org.mediawiki.jobqueue.changeprop.topic.Topics;
import org.mediawiki.jobqueue.runner.Failure;

/**
 * Writes the events that bring jobs back, always through the retry topic of their family. What is due soon goes there
 * at once; what is not waits in the scheduler until then. Used on the lane's context.
 */
final class ReturnEvents {

    private final Topics topics;
    private final EventEncoder encoder;
    private final BoundedOutbox boundedOutbox;
    private final InstantSource clock;
    private final Set<String> announced = new HashSet<>();

    ReturnEvents(Topics topics, EventEncoder encoder, BoundedOutbox boundedOutbox, InstantSource clock) {
        this.topics = topics;
        this.encoder = encoder;
        this.boundedOutbox = boundedOutbox;
        this.clock = clock;
    }

    /** The attempt failed, and {@code next} follows. */
    Future<Receipt> retry(OpenJob job, RetryPolicy.Retry next, Failure why) {
        Return details = details(job, next.left());
        Supplier<Buffer> event =
                () -> encoder.retry(job.content().event(), job.job().body(), details, next.nth(), why);
        Duration delay = job.kind().rule().retry().delayBefore(next.nth());
        return WaitingRoom.isShort(delay)
                ? send(job, () -> new OutboundEvent(job.kind().retryTopic(), partition(job), event.get()))
                : schedule(job, clock.instant().plus(delay), Reason.RETRY, event);
    }

    /** The job has to wait; no attempt is spent. A retry event waits as it stands. */
    Future<Receipt> postpone(OpenJob job, Instant due, Reason reason) {
        return schedule(
                job,
                due,
                reason,
                () -> job.content().retry().map(retry -> retry.bytes()).orElseGet(() -> waiting(job, reason)));
    }

    private Buffer waiting(OpenJob job, Reason reason) {
        Return details = details(job, job.kind().rule().retry().beforeFirstAttempt());
        return encoder.waiting(
                job.content().event(), job.job().body(), details, reason.name().toLowerCase(Locale.ROOT));
    }

    /** A retry topic that its lane has not found yet would make what comes back late. */
    private Future<Receipt> schedule(OpenJob job, Instant due, Reason reason, Supplier<Buffer> event) {
        if (announced.add(job.kind().retryTopic())) {
            boundedOutbox.announce(job.kind().retryTopic());
        }
        return send(
                job,
                () -> new ScheduledEvent(due, job.kind().retryTopic(), partition(job), reason, event.get())
                        .outbound(topics));
    }

    private Future<Receipt> send(OpenJob job, Supplier<OutboundEvent> event) {
        return boundedOutbox.send(job.job().body().length(), event);
    }

    private Return details(OpenJob job, int retriesLeft) {
        String stream = topics.streamOf(job.kind().retryTopic());
        return new Return(stream, job.kind().rule().name(), job.job().triggeredBy(), retriesLeft);
    }

    private static int partition(OpenJob job) {
        return job.origin().partition().partition();
    }
}
