package org.mediawiki.jobqueue.changeprop.schedule;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What waits, for operators. Questions are answered from the partitions that this instance keeps, may be asked on any
 * thread and read the disk, so not on a context; orders may be given to any instance.
 */
public interface WaitingJobs {

    /** How many wait, by job type; types of which none waits are left out. */
    Answer<Map<String, Long>> countByType();

    /**
     * One page of what waits, in order of {@link WaitingId#BY_DUE}. A page of large events may be larger than the heap: so
     * one event is in memory at a time, however many ask, and what is wanted of it is taken at once.
     *
     * @param type of this job type only
     * @param after {@link Page#next} of the page before; what cannot be read as such means the first page
     * @param limit the most that is returned, 1 to 1,000
     * @param view what is wanted of each; called once for each, in their order, on this thread. What it returns is kept,
     *     and must not keep {@link Waiting#value}. It must be short, since others wait for it
     */
    <T> Answer<Page<T>> list(Optional<String> type, Optional<String> after, int limit, Function<Waiting, T> view);

    /** One that waits; empty where it does not, or not any more. */
    Answer<Optional<Waiting>> find(WaitingId id);

    /**
     * Releases them now, those that still wait.
     *
     * @return completes when all in-sync replicas have the order, which is carried out within a second
     */
    Future<Void> runNow(Collection<WaitingId> ids);

    /**
     * Drops them, those that still wait.
     *
     * @return completes when all in-sync replicas have the order, which is carried out within a second
     */
    Future<Void> drop(Collection<WaitingId> ids);

    /**
     * Something that waits.
     *
     * @param topic where it is released to
     * @param partition of {@code topic}, before it is taken modulo its partitions
     * @param value what is released
     */
    record Waiting(WaitingId id, Instant due, Reason reason, String topic, int partition, Buffer value) {}

    /**
     * Part of a list.
     *
     * @param items the view of each
     * @param next opaque; empty on the last page
     */
    record Page<T>(List<T> items, Optional<String> next) {}
}
