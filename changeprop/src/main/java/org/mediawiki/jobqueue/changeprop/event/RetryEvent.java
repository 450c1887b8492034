package org.mediawiki.jobqueue.changeprop.event;

import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.Optional;

/**
 * A retry event ({@code /change-prop/retry/1.0.0}), ours or the legacy service's.
 *
 * @param stream {@code meta.stream} of the retry event itself
 * @param uri {@code meta.uri} of the retry event itself
 * @param sentAt {@code meta.dt}: when the attempt before failed; empty where it cannot be read
 * @param triggeredBy {@code triggered_by}: the chain of what led here
 * @param emitterId {@code emitter_id}: {@code <service>#<rule>}
 * @param retriesLeft how many attempts are left, the one that this event asks for included
 * @param job the job event inside
 * @param jobBytes its very bytes
 */
public record RetryEvent(
        String stream,
        String uri,
        Optional<Instant> sentAt,
        String triggeredBy,
        String emitterId,
        int retriesLeft,
        JobEvent job,
        Buffer jobBytes) {}
