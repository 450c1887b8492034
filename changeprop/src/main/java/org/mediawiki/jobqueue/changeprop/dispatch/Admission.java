package org.mediawiki.jobqueue.changeprop.dispatch;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.mediawiki.jobqueue.changeprop.dedupe.Deduplication;
import org.mediawiki.jobqueue.changeprop.dedupe.DuplicateOf;
import org.mediawiki.jobqueue.changeprop.event.JobEvent;
import org.mediawiki.jobqueue.changeprop.publish.Outbox.Receipt;
import org.mediawiki.jobqueue.changeprop.schedule.Reason;
import org.mediawiki.jobqueue.runner.Time;
import org.mediawiki.jobqueue.runner.lane.Blockage;
import org.mediawiki.jobqueue.runner.lane.Lane;
import org.mediawiki.jobqueue.runner.lane.Task;

/**
 * The way of a job to its attempt: triage, the look for duplicates, the waits. Used on the lane's context.
 *
 * <pre>
 *   enter ─▶ triage ─▶ duplicate? ─▶ lane ─▶ still wanted? ─▶ attempt
 *              ▲ │                    │
 *              │ └─▶ not due          └─▶ turned away
 *              │       │                      │
 *              │       ├─▶ soon: waiting room │
 *              └───────┘                      │
 *                      └─▶ later: scheduler ◀─┘
 * </pre>
 */
final class Admission {

    /** How soon a job is looked at again that had to wait while nothing might start. */
    private static final Duration AGAIN = Duration.ofMillis(500);

    private final Lane lane;
    private final Triage triage;
    private final Deduplication deduplication;
    private final JobEndings endings;
    private final Boundary boundary;
    private final Time time;
    private final WaitingRoom waitingRoom;

    /** Jobs of which an answer is awaited, from the store of duplicates or the outbox: neither lane nor waiting room knows them. */
    private final Set<OpenJob> onTheirWay = new HashSet<>();

    Admission(Lane lane, Triage triage, Deduplication deduplication, JobEndings endings, Boundary boundary, Time time) {
        this.lane = lane;
        this.triage = triage;
        this.deduplication = deduplication;
        this.endings = endings;
        this.boundary = boundary;
        this.time = time;
        this.waitingRoom = new WaitingRoom(time, job -> boundary.guard(job, () -> enter(job)));
    }

    void enter(OpenJob job) {
        triage.of(job.content(), job.kind().rule(), time.instant())
                .accept(
                        () -> unlessDuplicate(job),
                        due -> await(job, due),
                        reason -> endings.skipped(job.origin(), job.kind(), reason),
                        why -> endings.dead(job, why));
    }

    /** The lane does not keep the job: it could not start before {@code due}. */
    void turnedAway(OpenJob job, Instant due, Blockage why) {
        Reason reason = why == Blockage.WIKI_HELD ? Reason.HOLD : Reason.OVERFLOW;
        postpone(job, due, reason);
    }

    /** Whether a job whose turn has come should start after all this time; else it has ended. */
    boolean isStillWanted(OpenJob job) {
        Optional<SkipReason> why = Optional.empty();
        if (triage.isAbandoned(job.content(), job.kind().rule(), time.instant())) {
            why = Optional.of(SkipReason.ABANDONED);
        } else if (job.kind().rule().deduplicated() && isDuplicateOfOwn(job)) {
            why = Optional.of(SkipReason.DUPLICATE);
        }
        why.ifPresent(reason -> endings.skipped(job.origin(), job.kind(), reason));
        return why.isEmpty();
    }

    /** Sends those away that {@code wanted} accepts: they are left to the next owner of their partition. */
    void release(Predicate<OpenJob> wanted) {
        for (Task task : lane.withdraw(task -> wanted.test((OpenJob) task))) {
            endings.released(((OpenJob) task).origin());
        }
        waitingRoom.withdraw(wanted).forEach(job -> endings.released(job.origin()));
        onTheirWay.stream().filter(wanted).forEach(OpenJob::release);
    }

    /** Tells {@code forSlot} every job that waits for a slot, {@code forTime} every one whose time is near. */
    void forEachWaiting(Consumer<OpenJob> forSlot, Consumer<OpenJob> forTime) {
        lane.forEachWaiting(task -> forSlot.accept((OpenJob) task));
        waitingRoom.forEach(forTime);
    }

    /** How many wait here for their time. */
    int waiting() {
        return waitingRoom.size();
    }

    private void await(OpenJob job, Instant due) {
        if (waitingRoom.takes(due)) {
            waitingRoom.add(job, due);
        } else {
            Reason reason = job.content().isFirstAttempt() ? Reason.DELAY : Reason.RETRY;
            postpone(job, due, reason);
        }
    }

    /**
     * What is too large for the scheduler waits in memory, however long and beside the waiting room's bound: there is no
     * other place. So does what has to wait while nothing may start: its partition may have another owner, who schedules it
     * as well, and where that is so it will be released.
     */
    private void postpone(OpenJob job, Instant due, Reason reason) {
        if (!lane.mayStart()) {
            waitingRoom.add(job, time.instant().plus(AGAIN));
            return;
        }
        onTheirWay.add(job);
        endings.postponed(job, due, reason).onSuccess(receipt -> {
            onTheirWay.remove(job);
            if (receipt == Receipt.TOO_LARGE && job.isReleased()) {
                endings.released(job.origin());
            } else if (receipt == Receipt.TOO_LARGE) {
                waitingRoom.add(job, due);
            }
        });
    }

    private void unlessDuplicate(OpenJob job) {
        if (!job.kind().rule().deduplicated() || !job.content().isFirstAttempt()) {
            lane.submit(job);
            return;
        }
        onTheirWay.add(job);
        deduplication
                .seenBefore(job.content().event(), job.kind().rule().name(), job.kind().stream())
                .onSuccess(duplicate -> boundary.guard(job, () -> answered(job, duplicate)));
    }

    private void answered(OpenJob job, Optional<DuplicateOf> duplicate) {
        onTheirWay.remove(job);
        if (job.isReleased()) {
            endings.released(job.origin());
        } else if (duplicate.isPresent()) {
            endings.skipped(job.origin(), job.kind(), SkipReason.DUPLICATE);
        } else {
            lane.submit(job);
        }
    }

    private boolean isDuplicateOfOwn(OpenJob job) {
        JobEvent event = job.content().event();
        String rule = job.kind().rule().name();
        String stream = job.kind().stream();
        return job.content().isFirstAttempt()
                ? deduplication.seenHere(event, rule, stream).isPresent()
                : deduplication.isDoneHere(event, rule, stream);
    }
}
