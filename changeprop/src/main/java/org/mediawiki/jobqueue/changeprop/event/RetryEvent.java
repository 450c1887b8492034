package org.mediawiki.jobqueue.changeprop.event;

import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A retry event ({@code /change-prop/retry/1.0.0}), ours or the legacy service's. It brings a job back that failed, or
 * one that had to wait before its first attempt.
 *
 * @param stream {@code meta.stream} of the retry event itself
 * @param uri {@code meta.uri} of the retry event itself
 * @param sentAt {@code meta.dt}: when the attempt before failed; empty where it cannot be read
 * @param triggeredBy {@code triggered_by}: the chain of what led here
 * @param emitterId {@code emitter_id}: {@code <service>#<rule>}
 * @param retriesLeft how many attempts are left, the one that this event asks for included
 * @param nthRetry which retry it asks for, from 1; empty where it does not say, as those of the legacy service
 * @param waited whether the job waited and did not fail: the attempt that it comes back for is its first
 * @param job the job event inside
 * @param jobBytes its very bytes, a part of {@code bytes}
 * @param bytes the record as it stands, so that it can be put off once more without being written anew
 */
public record RetryEvent(
        String stream,
        String uri,
        Optional<Instant> sentAt,
        String triggeredBy,
        String emitterId,
        int retriesLeft,
        OptionalInt nthRetry,
        boolean waited,
        JobEvent job,
        Buffer jobBytes,
        Buffer bytes) {}
