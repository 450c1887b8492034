package org.mediawiki.jobqueue.changeprop.consume;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.mediawiki.jobqueue.changeprop.consume.InheritedJobsListener.Expected;
import org.mediawiki.jobqueue.changeprop.fleet.Note;
import org.mediawiki.jobqueue.changeprop.fleet.Notes;
import org.mediawiki.jobqueue.changeprop.fleet.Place;
import org.mediawiki.jobqueue.changeprop.ledger.Ending;
import org.mediawiki.jobqueue.changeprop.ledger.PartitionLedger;
import org.mediawiki.jobqueue.runner.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Jobs of our partitions that an earlier owner has begun and not ended: the listener knows of them before it is handed
 * their records, and hears how they end. Poll thread only.
 */
final class InheritedJobs {

    /** How long partitions wait for the notes about them. Then they go on without: rather twice than not at all. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final Duration TIDY_INTERVAL = Duration.ofSeconds(1);
    private static final Logger LOG = LoggerFactory.getLogger(InheritedJobs.class);

    private final Notes notes;
    private final RevokedSlots revokedSlots;
    private final Assignment assignment;
    private final InheritedJobsListener listener;
    private final Time time;
    private final Set<Place> running = new HashSet<>();
    private CompletableFuture<Void> barrier = CompletableFuture.completedFuture(null);
    private long barrierNanos;
    private long lookedAt = -1;
    private long tidiedNanos;

    InheritedJobs(
            Notes notes, RevokedSlots revokedSlots, Assignment assignment, InheritedJobsListener listener, Time time) {
        this.notes = notes;
        this.revokedSlots = revokedSlots;
        this.assignment = assignment;
        this.listener = listener;
        this.time = time;
        this.tidiedNanos = time.nanos();
    }

    /** Partitions are nobody else's any more: what their last owner has said of them must be known before they begin. */
    void ask() {
        barrier = notes.caughtUp();
        barrierNanos = time.nanos();
    }

    /** Whether it is known, or has been waited for for too long. */
    boolean isAnswered() {
        if (barrier.isDone() && !barrier.isCompletedExceptionally()) {
            return true;
        }
        boolean isOver = time.nanos() - barrierNanos >= PATIENCE.toNanos();
        if (isOver) {
            barrier.cancel(false);
            barrier = CompletableFuture.completedFuture(null);
            LOG.warn(
                    "What others still run cannot be read within {}: partitions are taken over without, and jobs may run"
                            + " twice",
                    PATIENCE);
        }
        return isOver;
    }

    /** {@code partition} begins. Its notes are told before its first record is. */
    void expect(TopicPartition partition, PartitionLedger ledger) {
        List<Expected> expected = new ArrayList<>();
        notes.of(partition).forEach((place, note) -> {
            if (!isFinished(place, ledger)) {
                expect(place, note).ifPresent(expected::add);
            }
        });
        if (!expected.isEmpty()) {
            LOG.info("{} jobs of {} were begun by its last owner", expected.size(), partition);
            listener.expect(expected);
        }
    }

    /** Tells which of them have ended; cheap while nothing is heard of anybody. */
    void look() {
        long changes = notes.changes();
        if (changes == lookedAt) {
            return;
        }
        lookedAt = changes;
        for (Iterator<Place> each = running.iterator(); each.hasNext(); ) {
            Place place = each.next();
            notes.endOf(place).ifPresent(how -> {
                each.remove();
                ended(place, how);
            });
        }
    }

    /** Removes the notes that nobody needs: what they say is committed. */
    void tidy() {
        if (time.nanos() - tidiedNanos < TIDY_INTERVAL.toNanos()) {
            return;
        }
        tidiedNanos = time.nanos();
        assignment.forEach((partition, ledger) -> notes.of(partition).keySet().stream()
                .filter(place -> ledger.isCommitted(place.offset()))
                .forEach(notes::remove));
    }

    /**
     * Whether its slot is open for the note of somebody else: it runs there, or has ended there and our listener has not
     * got round to it.
     */
    boolean isNoted(Place place) {
        return running.contains(place)
                || notes.endOf(place).filter(how -> how != Ending.RELEASED).isPresent();
    }

    /** Of which somebody else has said that it runs or ran there, and need not be run again. */
    Set<Place> saidByOthers(Collection<TopicPartition> partitions) {
        Set<Place> said = new HashSet<>();
        partitions.forEach(partition -> notes.of(partition).forEach((place, note) -> {
            if (!notes.isOwn(note) && !notes.endOf(place).equals(Optional.of(Ending.RELEASED))) {
                said.add(place);
            }
        }));
        return said;
    }

    /** They are ours no longer. */
    void forget(Collection<TopicPartition> partitions) {
        running.removeIf(place -> partitions.contains(place.partition()));
    }

    /** What its note says of a job that has ended; it is told at once, since nobody tells it later. */
    private Optional<Expected> expect(Place place, Note note) {
        Optional<Ending> ended = notes.endOf(place);
        if (ended.isEmpty()) {
            running.add(place);
        } else if (ended.get() == Ending.RELEASED) {
            notes.remove(place);
            return Optional.empty();
        }
        boolean takesSlots = ended.isEmpty() && !runsHere(place, note);
        return Optional.of(new Expected(place, note.job(), takesSlots, ended));
    }

    /**
     * What runs in this very lane has its slots. What another lane of this process runs has them in that one's books; and
     * where somebody else has begun anew what we still run, it is theirs that is waited for.
     */
    private boolean runsHere(Place place, Note note) {
        return notes.isOwn(note) && revokedSlots.has(place);
    }

    private void ended(Place place, Ending how) {
        if (how == Ending.RELEASED) {
            LOG.warn("The job at {} did not end where it ran, and runs again here", place);
            // From here on it is a job like any other, whatever is said of it by somebody who comes back.
            notes.remove(place);
        }
        listener.endedElsewhere(place, how);
    }

    private static boolean isFinished(Place place, PartitionLedger ledger) {
        return place.offset() < ledger.position() || ledger.wasFinished(place.offset());
    }
}
