package org.mediawiki.jobqueue.loadtest.standin;

/**
 * A request as the rules see it.
 *
 * @param event which job
 * @param attempt how many requests have come for this {@code meta.id} so far, this one included; from 1
 * @param bytes the size of the body
 */
public record JobRequest(EventFields event, int attempt, int bytes) {}
