package org.mediawiki.jobqueue.loadtest.generate;

import io.vertx.core.buffer.Buffer;

/**
 * A job event as MediaWiki would produce it.
 *
 * @param id {@code meta.id}
 * @param type the job type
 * @param bytes the record's value; what the runner must receive, byte for byte
 */
public record JobEvent(String id, String type, Buffer bytes) {}
