package org.mediawiki.jobqueue.changeprop.event;

import java.time.Instant;
import java.util.Optional;

/**
 * A job event as far as the queue needs to know it; everything else stays in its bytes.
 *
 * @param id {@code meta.id}; empty where the event has none
 * @param stream {@code meta.stream}, e.g. {@code mediawiki.job.refreshLinks}
 * @param domain {@code meta.domain}; empty where the event has none
 * @param uri {@code meta.uri}; empty where the event has none
 * @param requestId {@code meta.request_id}; empty where the event has none
 * @param createdAt {@code meta.dt}
 * @param wiki {@code database}
 * @param type {@code type}
 * @param delayUntil {@code delay_until} as it stands there; {@link DelayUntil} reads it
 * @param sha1 {@code sha1}
 * @param root {@code root_event}, where it has both a date and a signature
 */
public record JobEvent(
        String id,
        String stream,
        String domain,
        String uri,
        String requestId,
        Instant createdAt,
        String wiki,
        String type,
        Optional<String> delayUntil,
        Optional<String> sha1,
        Optional<RootEvent> root) {

    /** {@code meta.domain} of the events that monitoring sends to see that topics work. */
    public static final String CANARY_DOMAIN = "canary";

    /** Whether the event is monitoring's, not a job. */
    public boolean isCanary() {
        return domain.equals(CANARY_DOMAIN);
    }
}
