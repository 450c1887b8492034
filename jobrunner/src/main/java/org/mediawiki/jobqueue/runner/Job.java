package org.mediawiki.jobqueue.runner;

import io.vertx.core.buffer.Buffer;

/**
 * One job as a target needs it. Its body is the very bytes that MediaWiki produced: {@code mediawiki_signature} is an
 * HMAC over key order and values, so nothing on the way may serialise the event anew (SPEC section 3).
 *
 * @param type the job type, e.g. {@code refreshLinks}; names the limits that apply
 * @param wiki the event's {@code database}, e.g. {@code enwiki}; the unit of fair turns and of read-only holds
 * @param section the database section the wiki lives on, e.g. {@code s1}
 * @param domain {@code meta.domain}, sent as the Host header; empty where the event has none
 * @param requestId {@code meta.request_id}, sent as {@code x-request-id}; empty where the event has none
 * @param triggeredBy the {@code x-triggered-by} header
 * @param traceparent the W3C trace context that the job comes from, sent as the header of that name; empty where there is
 *     none
 * @param body the request body; never modified
 */
public record Job(
        String type,
        String wiki,
        String section,
        String domain,
        String requestId,
        String triggeredBy,
        String traceparent,
        Buffer body) {

    /** A job without a trace context. */
    public Job(
            String type,
            String wiki,
            String section,
            String domain,
            String requestId,
            String triggeredBy,
            Buffer body) {
        this(type, wiki, section, domain, requestId, triggeredBy, "", body);
    }

    /** The same job, in another trace context. */
    public Job withTraceparent(String context) {
        return new Job(type, wiki, section, domain, requestId, triggeredBy, context, body);
    }
}
