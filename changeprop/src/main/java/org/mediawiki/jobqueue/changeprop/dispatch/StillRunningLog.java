package org.mediawiki.jobqueue.changeprop.dispatch;

import java.time.temporal.ChronoUnit;
import java.util.List;
import org.mediawiki.jobqueue.runner.Job;
import org.mediawiki.jobqueue.runner.LogFields;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Names the jobs that still run when they are waited for no longer: each will run again, and whoever finds two of a
 * transcode can see here why.
 */
final class StillRunningLog {

    /** What a person reads; a lane may have hundreds of short jobs, whose names say little. */
    static final int MOST_NAMED = 50;

    private static final Logger LOG = LoggerFactory.getLogger(StillRunningLog.class);

    private StillRunningLog() {}

    static void of(List<Attempts.Running> attempts) {
        attempts.stream().limit(MOST_NAMED).forEach(StillRunningLog::name);
        int rest = attempts.size() - MOST_NAMED;
        if (rest > 0) {
            LOG.warn("Still running: {} more", rest);
        }
    }

    private static void name(Attempts.Running attempt) {
        Job job = attempt.job().job();
        String id = attempt.job().content().event().id();
        LogFields.of("still_running")
                .job(job)
                .with("jobqueue.id", id)
                .around(() -> LOG.warn(
                        "Still running: {} of {} (request {}, id {}), for {}",
                        job.type(),
                        job.wiki(),
                        job.requestId(),
                        id,
                        attempt.age().truncatedTo(ChronoUnit.SECONDS)));
    }
}
