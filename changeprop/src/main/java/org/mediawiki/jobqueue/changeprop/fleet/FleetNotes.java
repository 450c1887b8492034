package org.mediawiki.jobqueue.changeprop.fleet;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.mediawiki.jobqueue.changeprop.ledger.Ending;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notes in the fleet topic. What is said of a place, and what is written of it, changes under the one lock: what is said again, on
 * another thread and half a minute later, would else come behind what was said since.
 */
public final class FleetNotes implements Notes {

    private static final Executor LATER = CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS);
    private static final Logger LOG = LoggerFactory.getLogger(FleetNotes.class);

    private final Fleet fleet;
    private final Board board;
    private final Executor later;

    /** What we have said last of each job, until it is heard how it ended, or need not be any more. */
    private final Map<Place, Note> said = new ConcurrentHashMap<>();

    private volatile boolean closed;

    /** The topic, as {@link org.mediawiki.jobqueue.changeprop.bulletin.Bulletin} is it. */
    public interface Board {
        CompletableFuture<Void> caughtUp();

        CompletableFuture<Void> write(String key, byte @Nullable [] value);
    }

    /** {@code fleet} is told what {@code board} holds. */
    public FleetNotes(Fleet fleet, Board board) {
        this(fleet, board, LATER);
    }

    /** {@code later} does after a while, on a thread that need not be ours, what it is given. */
    public FleetNotes(Fleet fleet, Board board, Executor later) {
        this.fleet = fleet;
        this.board = board;
        this.later = later;
    }

    @Override
    public CompletableFuture<Void> caughtUp() {
        return board.caughtUp();
    }

    @Override
    public Map<Place, Note> of(TopicPartition partition) {
        return fleet.notesOf(partition);
    }

    @Override
    public Optional<Ending> endOf(Place place) {
        return fleet.endOf(place);
    }

    @Override
    public boolean isOwn(Note note) {
        return note.author().equals(fleet.own());
    }

    @Override
    public long changes() {
        return fleet.changes();
    }

    @Override
    public synchronized CompletableFuture<Void> write(Place place, Optional<JobAtWork> job) {
        Note note = new Note(fleet.own(), job, Optional.empty(), false);
        said.put(place, note);
        return board.write(place.key(), FleetJson.bytes(note));
    }

    @Override
    public CompletableFuture<Void> writeLost(Place place, Optional<JobAtWork> job) {
        return say(place, new Note(fleet.own(), job, Optional.empty(), true));
    }

    /** Others wait for it as long as we live, so it is said until it has been heard, or there is more to say. */
    @Override
    public void ended(Place place, Ending how) {
        Note before = said.get(place);
        if (before != null) {
            Note note = before.endedAs(how);
            var unused = say(place, note);
        }
    }

    @Override
    public CompletableFuture<Void> finished(Place place, Optional<JobAtWork> job, Ending how) {
        return say(place, new Note(fleet.own(), job, Optional.of(how), false));
    }

    @Override
    public synchronized void forget(Place place) {
        // A job that goes on is not committed, whatever else is of its place.
        said.computeIfPresent(place, (same, note) -> note.ended().isPresent() ? null : note);
    }

    @Override
    public synchronized void remove(Place place) {
        said.remove(place);
        var unused = board.write(place.key(), null).whenComplete((ok, failure) -> {
            if (failure != null) {
                LOG.debug("The note of {} was not removed; the next owner of its partition does it", place, failure);
            }
        });
    }

    /** Nothing is said again from here on. */
    void close() {
        closed = true;
    }

    private synchronized CompletableFuture<Void> say(Place place, Note note) {
        CompletableFuture<Void> heard = new CompletableFuture<>();
        said.put(place, note);
        write(place, note, heard);
        return heard;
    }

    /** Unless something else was said since, or nothing need be. */
    private synchronized void write(Place place, Note note, CompletableFuture<Void> heard) {
        if (!note.equals(said.get(place))) {
            heard.complete(null);
            return;
        }
        var unused = board.write(place.key(), FleetJson.bytes(note)).whenComplete((ok, failure) -> {
            if (failure == null) {
                if (note.ended().isPresent()) {
                    said.remove(place, note);
                }
                heard.complete(null);
            } else if (closed) {
                heard.completeExceptionally(failure);
            } else {
                later.execute(() -> write(place, note, heard));
            }
        });
    }
}
