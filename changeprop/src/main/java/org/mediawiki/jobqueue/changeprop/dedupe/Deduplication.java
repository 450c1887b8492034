package org.mediawiki.jobqueue.changeprop.dedupe;

import io.vertx.core.Context;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.mediawiki.jobqueue.changeprop.config.DedupeConfig;
import org.mediawiki.jobqueue.changeprop.event.JobEvent;
import org.mediawiki.jobqueue.runner.Time;

/**
 * Remembers the jobs that are done, and recognises those that have thereby become superfluous. Used on the context that
 * it was opened with.
 *
 * <p>{@code rule} and {@code stream} are those of the legacy service: the job type where it has an entry of its own, else
 * {@code low_traffic_jobs}; and the name of the job's topic without the datacenter, of a retry that of the topic which
 * the job came from first. Ask {@link #seenBefore} and {@link #seenHere} for first
 * attempts only: a retry is no duplicate of the attempt that failed; of a retry ask {@link #isDoneHere}.
 */
public interface Deduplication {

    /** Remembers nothing, so that every job is new. */
    Deduplication NONE = new NoDeduplication();

    /**
     * Which rule makes the job a duplicate; empty where none does, or where that cannot be known in time.
     *
     * @return never fails, and is there within 100 ms
     */
    Future<Optional<DuplicateOf>> seenBefore(JobEvent job, String rule, String stream);

    /**
     * The same, from what this process itself has completed: a second look just before the start, so that of several
     * duplicates that were queued together those are recognised that come after the first has ended.
     */
    Optional<DuplicateOf> seenHere(JobEvent job, String rule, String stream);

    /**
     * Whether this process itself has done this very event: for retries, to which no other rule applies. The store at
     * large knows events that the legacy service has tried, and not yet done.
     */
    boolean isDoneHere(JobEvent job, String rule, String stream);

    /** What this process itself has done under this {@code meta.id}, the last first; walks through all that it remembers. */
    List<Done> doneHere(String id);

    /**
     * A job that was done.
     *
     * @param type the job type
     * @param domain {@code meta.domain}
     */
    record Done(String type, String domain, Instant startedAt) {}

    /**
     * Remembers a job that is done. Sent at once, so that the job is known when the process is killed before its offset
     * is committed; not waited for, and never fails.
     *
     * @param startedAt when the attempt started that has done it
     */
    void done(JobEvent job, String rule, String stream, Instant startedAt);

    /** Gives connections and timers back; from then on only this process's own memory is asked. */
    Future<Void> close();

    /**
     * Opens the store that {@code config} asks for. May be called on any thread.
     *
     * @param context where all its methods are called, and answered; an event loop's
     * @return never fails: a Redis that is not there is looked for in the background. Waits for it for 1 s at most, so
     *     that jobs which come again after a restart are recognised from the first on.
     */
    static Future<Deduplication> open(Context context, DedupeConfig config, Time time, DedupeListener listener) {
        return switch (config.store()) {
            case OFF -> Future.succeededFuture(NONE);
            case MEMORY -> Future.succeededFuture(new MemoryDeduplication(new JobMemory(config, time), listener));
            case REDIS -> RedisDeduplication.open(context, config, time, listener);
        };
    }
}
