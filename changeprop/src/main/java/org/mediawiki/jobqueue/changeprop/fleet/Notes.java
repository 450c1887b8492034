package org.mediawiki.jobqueue.changeprop.fleet;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.mediawiki.jobqueue.changeprop.ledger.Ending;

/**
 * Hand-over notes as a poll loop needs them. Any thread; nothing blocks.
 *
 * <p>Of a partition only its owner writes notes, or who has just lost it, and only its owner removes them; how a job
 * ended is said by who ran it.
 */
public interface Notes {

    /**
     * Completes when every note is known that was acknowledged before this call. Stays open while Kafka cannot be read,
     * so bound the wait.
     */
    CompletableFuture<Void> caughtUp();

    /** What is known of the partition, by place: of others, of this instance, and of runs of it that are over. */
    Map<Place, Note> of(TopicPartition partition);

    /**
     * How the job ended; empty while it runs. {@link Ending#RELEASED}: it must be run again, for whoever ran it said so,
     * is gone, has been started anew, or has not been heard of for ten seconds; or there is no note.
     */
    Optional<Ending> endOf(Place place);

    /** Whether this very run of this instance has written the note, for whichever of its lanes. */
    boolean isOwn(Note note);

    /** Rises whenever an answer of {@link #of} or {@link #endOf} may have changed. */
    long changes();

    /**
     * Writes that this instance has begun the job and goes on with it; see {@link Note}.
     *
     * @return completes when all in-sync replicas have it; fails where that is not known
     */
    CompletableFuture<Void> write(Place place, Optional<JobAtWork> job);

    /**
     * As {@link #write}, of a partition that the group has taken without asking. Written again until it is
     * acknowledged, or there is more to say; where a later owner has written of the job too, that counts.
     *
     * @return completes when all in-sync replicas have it, or it has been said otherwise since; fails when this ends
     *     before
     */
    CompletableFuture<Void> writeLost(Place place, Optional<JobAtWork> job);

    /** The job that this instance wrote of has ended; written again until it is acknowledged, or need not be. */
    void ended(Place place, Ending how);

    /**
     * A record has ended here of which nothing was written, and which cannot be committed now. Written again until it is
     * acknowledged, or {@linkplain #forget forgotten}; {@linkplain #remove removed} by whoever commits it.
     *
     * @param job empty where the record is no job
     * @return completes when all in-sync replicas have it, or it has been said otherwise or forgotten since; fails when this
     *     ends before
     */
    CompletableFuture<Void> finished(Place place, Optional<JobAtWork> job, Ending how);

    /**
     * How the record at {@code place} ended is committed, and need not be said again where it was not heard yet. What was heard
     * is {@linkplain #remove removed} for itself.
     */
    void forget(Place place);

    /** Nobody needs the note any more. */
    void remove(Place place);
}
