package org.mediawiki.jobqueue.changeprop.dispatch;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.mediawiki.jobqueue.changeprop.event.EventEncoder;
import org.mediawiki.jobqueue.changeprop.ledger.Ending;
import org.mediawiki.jobqueue.changeprop.ledger.Slot;
import org.mediawiki.jobqueue.changeprop.publish.Outbox;
import org.mediawiki.jobqueue.changeprop.publish.Outbox.OutboundEvent;
import org.mediawiki.jobqueue.changeprop.publish.Outbox.Receipt;
import org.mediawiki.jobqueue.changeprop.schedule.Reason;
import org.mediawiki.jobqueue.changeprop.topic.Topics;
import org.mediawiki.jobqueue.runner.Failure;
import org.mediawiki.jobqueue.runner.LogFields;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ways out. A job that is not done ends only when another topic has it, with an acknowledgement from all in-sync
 * replicas: no acknowledgement, no ending (SPEC guarantee 1). Used on the lane's context.
 */
final class JobEndings {

    /** The header of an error record that holds the raw record where its bytes are no UTF-8 text. */
    static final String RAW_EVENT_HEADER = "raw_event";

    /** What is kept of a record in an error event where the error topic does not take it whole. */
    private static final int KEPT_OF_TOO_LARGE_BYTES = 16 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(JobEndings.class);

    private final Topics topics;
    private final EventEncoder encoder;
    private final BoundedOutbox boundedOutbox;
    private final ReturnEvents returnEvents;

    /** Jobs whose last event is being written: nobody else knows them. By slot: a record may be polled again meanwhile. */
    private final Map<Slot, OpenJob> beingWritten = new HashMap<>();

    /** {@code onFailure} is told where a job can neither end nor be given up. */
    JobEndings(Topics topics, EventEncoder encoder, Outbox outbox, InstantSource clock, Consumer<Throwable> onFailure) {
        this.topics = topics;
        this.encoder = encoder;
        this.boundedOutbox = new BoundedOutbox(outbox, onFailure);
        this.returnEvents = new ReturnEvents(topics, encoder, boundedOutbox, clock);
    }

    void done(OpenJob job) {
        close(job.origin(), Ending.DONE);
    }

    /** It has ended where it ran. */
    void endedElsewhere(Origin origin, Ending how) {
        close(origin, how);
    }

    /** Those whose attempt is over, or that are to wait, and whose event is being written. */
    Collection<OpenJob> beingWritten() {
        return beingWritten.values();
    }

    /** Nothing has been done; the partition's next owner does it. */
    void released(Origin origin) {
        close(origin, Ending.RELEASED);
    }

    /** Nothing had to be done. */
    void skipped(Origin origin, JobKind kind, SkipReason reason) {
        kind.meters().skipped(reason);
        if (reason == SkipReason.ABANDONED) {
            kind.meters().abandoned();
        } else if (reason == SkipReason.DUPLICATE) {
            kind.meters().deduplicated();
        }
        close(origin, Ending.SKIPPED);
    }

    /** An attempt failed: another follows, or the job is given up. */
    void failed(OpenJob job, Failure why) {
        Optional<RetryPolicy.Retry> next =
                job.kind().rule().retry().afterFailure(job.content().retry());
        if (next.isEmpty()) {
            dead(job, why);
            return;
        }
        beingWritten.put(job.origin().slot(), job);
        returnEvents.retry(job, next.get(), why).onSuccess(receipt -> {
            if (receipt == Receipt.TOO_LARGE) {
                dead(job, why);
            } else {
                close(job.origin(), Ending.RETRIED);
            }
        });
    }

    /**
     * The job waits in the scheduler until it is {@code due}, and ends here, unless the answer is that it is too large for
     * that.
     */
    Future<Receipt> postponed(OpenJob job, Instant due, Reason reason) {
        beingWritten.put(job.origin().slot(), job);
        return returnEvents.postpone(job, due, reason).onSuccess(receipt -> {
            if (receipt == Receipt.ACKNOWLEDGED) {
                close(job.origin(), Ending.SCHEDULED);
            } else {
                beingWritten.remove(job.origin().slot());
            }
        });
    }

    /** The job is given up. */
    void dead(OpenJob job, Failure why) {
        fieldsOf("gave_up", job, why)
                .around(() -> LOG.warn(
                        "Gave up {} of {} (request {}): {}",
                        job.job().type(),
                        job.job().wiki(),
                        job.job().requestId(),
                        why.message()));
        String rule = job.kind().rule().name();
        beingWritten.put(job.origin().slot(), job);
        bury(job.origin(), job.job().body(), raw -> encoder.dead(job.content().event(), raw, rule, why));
    }

    /** The record at {@code origin}, which holds {@code raw}, is no event, as far as {@code rule} can tell. */
    void invalid(Origin origin, Buffer raw, String rule, Failure why) {
        LogFields.of("no_job")
                .with("jobqueue.record", origin.toString())
                .around(() -> LOG.warn("No job in {}: {}", origin, why.message()));
        bury(origin, raw, kept -> encoder.invalid(kept, rule, why));
    }

    /** Also a job may be no text: Jackson reads UTF-8 that is longer than it has to be, and surrogates in it. */
    private void bury(Origin origin, Buffer raw, Function<Buffer, Buffer> errorEvent) {
        Map<String, Buffer> headers = isText(raw.getBytes()) ? Map.of() : Map.of(RAW_EVENT_HEADER, raw);
        sendError(origin, raw, headers, errorEvent, () -> {
            LOG.error(
                    "The error topic does not take the {} bytes of {} whole; the record stays there until it expires",
                    raw.length(),
                    origin);
            Buffer cut = raw.getBuffer(0, Math.min(raw.length(), KEPT_OF_TOO_LARGE_BYTES));
            sendError(origin, cut, Map.of(), errorEvent, () -> LOG.error("Nor does it take a part of it"));
        });
    }

    /** An error event holds its job as an escaped string: up to about twice as large. */
    private void sendError(
            Origin origin,
            Buffer raw,
            Map<String, Buffer> headers,
            Function<Buffer, Buffer> errorEvent,
            Runnable tooLarge) {
        int partition = origin.partition().partition();
        boundedOutbox
                .send(
                        2L * raw.length(),
                        () -> new OutboundEvent(topics.errorTopic(), partition, errorEvent.apply(raw), headers))
                .onSuccess(receipt -> {
                    if (receipt == Receipt.TOO_LARGE) {
                        tooLarge.run();
                    } else {
                        close(origin, Ending.DEAD);
                    }
                });
    }

    private static LogFields fieldsOf(String action, OpenJob job, Failure why) {
        return LogFields.of(action)
                .job(job.job())
                .with("jobqueue.id", job.content().event().id())
                .with("jobqueue.record", job.origin().toString())
                .with("http.response.status_code", Integer.toString(why.status()));
    }

    private void close(Origin origin, Ending how) {
        beingWritten.remove(origin.slot());
        origin.slot().close(how);
    }

    private static boolean isText(byte[] value) {
        return Arrays.equals(new String(value, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8), value);
    }
}
