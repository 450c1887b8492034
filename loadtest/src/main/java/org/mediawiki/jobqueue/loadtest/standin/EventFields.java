package org.mediawiki.jobqueue.loadtest.standin;

/**
 * What the stand-in reads of a job event; empty where the event does not say.
 *
 * @param type the job type
 * @param wiki the event's {@code database}
 * @param id {@code meta.id}
 * @param stream {@code meta.stream}
 */
public record EventFields(String type, String wiki, String id, String stream) {}
