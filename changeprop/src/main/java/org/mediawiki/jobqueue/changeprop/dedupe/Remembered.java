package org.mediawiki.jobqueue.changeprop.dedupe;

import java.time.Instant;
import java.util.Optional;

/**
 * What is known about a job's keys.
 *
 * @param isDone whether the very event has been done
 * @param startedAt when the last completed run of the same sha1 started
 * @param rootAt the newest root event of the same signature of which a leaf has been done
 */
record Remembered(boolean isDone, Optional<Instant> startedAt, Optional<Instant> rootAt) {}
