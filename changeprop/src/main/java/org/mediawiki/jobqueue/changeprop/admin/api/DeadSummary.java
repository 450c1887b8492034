package org.mediawiki.jobqueue.changeprop.admin.api;

import java.util.Map;
import org.mediawiki.jobqueue.changeprop.dead.DeadJob;

/**
 * How many died, largest first where people look.
 *
 * @param byStatus by what {@link #statusOf} says
 */
record DeadSummary(long count, Map<String, Long> byType, Map<String, Long> byStatus, Map<String, Long> byWiki) {

    /** Those that a filter can name; a runner may make up any other number, and all of these share one count. */
    static String statusOf(DeadJob job) {
        return job.status() >= 0 && job.status() <= Question.HIGHEST_STATUS ? Integer.toString(job.status()) : "other";
    }
}
