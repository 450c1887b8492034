package org.mediawiki.jobqueue.changeprop.dispatch;

import io.vertx.core.buffer.Buffer;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.mediawiki.jobqueue.changeprop.consume.InheritedJobsListener.Expected;
import org.mediawiki.jobqueue.changeprop.fleet.JobAtWork;
import org.mediawiki.jobqueue.changeprop.fleet.Place;
import org.mediawiki.jobqueue.changeprop.ledger.Ending;
import org.mediawiki.jobqueue.runner.Job;
import org.mediawiki.jobqueue.runner.lane.Lane;
import org.mediawiki.jobqueue.runner.lane.Occupancy;

/**
 * Jobs of our partitions that an earlier owner has begun: they take their slots here while they run there, and their
 * records wait here for their end. Used on the lane's context.
 */
final class RemoteAttempts {

    private final Lane lane;
    private final Map<Place, RemoteAttempt> attempts = new HashMap<>();

    RemoteAttempts(Lane lane) {
        this.lane = lane;
    }

    /** What waits for the end of a job. */
    interface Guest {

        /** The job has ended there. */
        void ended(Ending how);

        /** The job must be run here. */
        void run();
    }

    private static final class RemoteAttempt {

        private final String id;
        private final Optional<Occupancy> occupancy;
        private Optional<Ending> ended;
        private @Nullable Guest guest;

        RemoteAttempt(String id, Optional<Occupancy> occupancy, Optional<Ending> ended) {
            this.id = id;
            this.occupancy = occupancy;
            this.ended = ended;
        }

        void vacate() {
            occupancy.ifPresent(Occupancy::vacate);
        }
    }

    void expect(Expected expected) {
        Optional<Occupancy> occupancy = expected.takesSlots()
                ? expected.job().filter(job -> job.startedAt().isPresent()).map(this::occupy)
                : Optional.empty();
        String id = expected.job().map(JobAtWork::id).orElse("");
        attempts.put(expected.place(), new RemoteAttempt(id, occupancy, expected.ended()));
    }

    /**
     * Whether the record was begun elsewhere, and {@code guest} hears, now or later, what comes of it.
     *
     * @param id the job's; where the note names another, the topic was created anew, and it says nothing of this record
     */
    boolean keeps(Place place, String id, Guest guest) {
        RemoteAttempt attempt = attempts.get(place);
        if (attempt == null) {
            return false;
        }
        if (!attempt.id.equals(id)) {
            attempts.remove(place);
            attempt.vacate();
            return false;
        }
        if (attempt.ended.isPresent()) {
            attempts.remove(place);
            guest.ended(attempt.ended.get());
        } else {
            attempt.guest = guest;
        }
        return true;
    }

    /** Somebody here has taken the record, and ends it. */
    void adopted(Place place) {
        RemoteAttempt attempt = attempts.remove(place);
        if (attempt != null) {
            attempt.vacate();
        }
    }

    /** A job has ended there; {@link Ending#RELEASED}: it must be run here. */
    void ended(Place place, Ending how) {
        RemoteAttempt attempt = attempts.get(place);
        if (attempt == null) {
            return;
        }
        if (attempt.guest != null || how == Ending.RELEASED) {
            attempts.remove(place);
        }
        attempt.ended = Optional.of(how);
        Guest guest = attempt.guest;
        if (guest != null && how == Ending.RELEASED) {
            // Its place in the limits is its own again only when the fair turns say so.
            attempt.vacate();
            guest.run();
        } else {
            if (guest != null) {
                guest.ended(how);
            }
            attempt.vacate();
        }
    }

    /** The partitions that {@code wanted} accepts are no longer ours: what waits is left to their next owner. */
    void release(Predicate<TopicPartition> wanted) {
        for (Iterator<Map.Entry<Place, RemoteAttempt>> each =
                        attempts.entrySet().iterator();
                each.hasNext(); ) {
            Map.Entry<Place, RemoteAttempt> entry = each.next();
            if (wanted.test(entry.getKey().partition())) {
                each.remove();
                entry.getValue().vacate();
                if (entry.getValue().guest != null) {
                    entry.getValue().guest.ended(Ending.RELEASED);
                }
            }
        }
    }

    private Occupancy occupy(JobAtWork job) {
        return lane.occupy(new Job(job.type(), job.wiki(), job.section(), "", "", "", Buffer.buffer()));
    }
}
