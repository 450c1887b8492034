package org.mediawiki.jobqueue.changeprop.dispatch;

import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.mediawiki.jobqueue.changeprop.event.Decoded;
import org.mediawiki.jobqueue.changeprop.event.EventDecoder;
import org.mediawiki.jobqueue.changeprop.event.JobEvent;
import org.mediawiki.jobqueue.changeprop.event.RetryEvent;
import org.mediawiki.jobqueue.changeprop.event.TriggeredBy;
import org.mediawiki.jobqueue.changeprop.topic.JobTopic;
import org.mediawiki.jobqueue.runner.Job;

/** Makes of a record's bytes what the lane runs. Pure. */
final class RecordReader {

    /** Readers of JSON may pass it over (RFC 8259, section 8.1). Jackson does; PHP does not. */
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private final EventDecoder decoder = new EventDecoder();
    private final UnaryOperator<String> sectionOf;

    /** {@code sectionOf} knows the database section of every wiki. */
    RecordReader(UnaryOperator<String> sectionOf) {
        this.sectionOf = sectionOf;
    }

    /** {@code foundDue} is whether the scheduler has written it. */
    Decoded<OpenJob.Content> read(JobTopic topic, byte[] value, boolean foundDue) {
        return topic.kind().isRetry() ? readRetry(topic, value, foundDue) : readFirst(topic, value);
    }

    private Decoded<OpenJob.Content> readFirst(JobTopic topic, byte[] value) {
        return decoder.job(value)
                .match(
                        event -> new Decoded.Valid<>(new OpenJob.Content(
                                event,
                                Optional.empty(),
                                false,
                                job(topic, event, TriggeredBy.first(event), body(value)))),
                        Decoded.Invalid::new);
    }

    private Decoded<OpenJob.Content> readRetry(JobTopic topic, byte[] value, boolean foundDue) {
        return decoder.retry(value)
                .match(
                        retry -> new Decoded.Valid<>(
                                new OpenJob.Content(retry.job(), Optional.of(retry), foundDue, job(topic, retry))),
                        Decoded.Invalid::new);
    }

    /**
     * Not a copy: nobody changes a record's bytes, and they are most of what a job takes. Without a mark before the JSON:
     * the runner could not read it, and a retry event with one inside would be no JSON.
     */
    private static Buffer body(byte[] value) {
        int mark = BYTE_ORDER_MARK.length;
        int from = value.length > mark && Arrays.equals(value, 0, mark, BYTE_ORDER_MARK, 0, mark) ? mark : 0;
        return BufferInternal.buffer(Unpooled.wrappedBuffer(value, from, value.length - from));
    }

    private Job job(JobTopic topic, RetryEvent retry) {
        String triggeredBy = retry.waited() ? TriggeredBy.first(retry.job()) : TriggeredBy.retry(retry);
        return job(topic, retry.job(), triggeredBy, retry.jobBytes());
    }

    private Job job(JobTopic topic, JobEvent event, String triggeredBy, Buffer body) {
        return new Job(
                topic.type(),
                event.wiki(),
                sectionOf.apply(event.wiki()),
                event.domain(),
                event.requestId(),
                triggeredBy,
                body);
    }
}
