package org.mediawiki.jobqueue.changeprop.admin.api;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.mediawiki.jobqueue.changeprop.dead.DeadJobs;

/**
 * Dead jobs, the newest first.
 *
 * @param since older ones are kept in Kafka and not listed here; null where all are
 * @param complete whether all has been read since this instance started
 * @param next where to go on; null at the end
 */
record DeadPage(
        List<DeadItem> jobs,
        @Nullable Instant since,
        boolean complete,
        @Nullable String next) {

    static DeadPage of(DeadJobs.Page page) {
        return new DeadPage(
                page.jobs().stream()
                        .map(one -> DeadItem.of(one.job(), one.state()))
                        .toList(),
                page.since().orElse(null),
                page.complete(),
                page.next().orElse(null));
    }
}
