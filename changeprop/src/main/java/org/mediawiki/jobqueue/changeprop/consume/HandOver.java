package org.mediawiki.jobqueue.changeprop.consume;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.mediawiki.jobqueue.changeprop.fleet.JobAtWork;
import org.mediawiki.jobqueue.changeprop.fleet.Place;
import org.mediawiki.jobqueue.changeprop.ledger.Slot;
import org.mediawiki.jobqueue.runner.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives partitions up so that their next owner can begin at once, and neither runs again what still runs here nor exceeds
 * a limit beside it. Poll thread only.
 *
 * <pre>
 *   nothing starts ─▶ a moment for short jobs ─▶ a note for each open slot, acknowledged ─▶ commit ─▶ theirs
 * </pre>
 *
 * Where the group has taken them without asking, says as much of it as can still be said.
 */
final class HandOver {

    /** Most jobs end within it and need no note; meanwhile the lane's other partitions are not polled. */
    static final Duration MOMENT = Duration.ofMillis(500);

    /** Longer than a failover of the brokers usually takes. Whoever comes next waits for it. */
    private static final Duration NOTES_PATIENCE = Duration.ofSeconds(5);

    private static final Duration ANSWER_PATIENCE = Duration.ofSeconds(2);

    /** Twice at the most: whoever has lost its partitions joins the group again only then. */
    private static final Duration LOST_PATIENCE = Duration.ofSeconds(1);

    /** How often what has ended is looked for while something is waited for. */
    private static final Duration LOOK = Duration.ofMillis(20);

    /** For the answer to a commit, before what has ended meanwhile is looked for again. */
    private static final Duration ANSWER_STEP = Duration.ofMillis(50);

    private static final Logger LOG = LoggerFactory.getLogger(HandOver.class);

    private final Assignment assignment;
    private final RevokedSlots revokedSlots;
    private final InheritedJobs inheritedJobs;
    private final Committer committer;
    private final JobHandOver handler;
    private final Lease lease;
    private final Time time;

    HandOver(
            Assignment assignment,
            RevokedSlots revokedSlots,
            InheritedJobs inheritedJobs,
            Committer committer,
            JobHandOver handler,
            Lease lease,
            Time time) {
        this.assignment = assignment;
        this.revokedSlots = revokedSlots;
        this.inheritedJobs = inheritedJobs;
        this.committer = committer;
        this.handler = handler;
        this.lease = lease;
        this.time = time;
    }

    /**
     * Nothing of {@code partitions} starts from here on, and they are somebody else's when this returns. Nothing is polled
     * meanwhile: the client's heartbeats keep the member in its group, and a poll might join a rebalance, in which nothing
     * can be committed. What ends, of other partitions too, is committed as soon as ever.
     *
     * @param commitPatience for the last commit of theirs; what it does not say by then is told by notes
     */
    void give(Collection<TopicPartition> partitions, Duration commitPatience) {
        long deadline = time.nanos() + MOMENT.toNanos();
        release(partitions);
        try {
            awaitShortJobs(partitions, deadline);
            writeNotes(partitions);
            if (!commitLast(partitions, commitPatience)) {
                tellEnds(partitions);
            }
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
        partitions.forEach(assignment::remove);
        inheritedJobs.forget(partitions);
    }

    /**
     * The group has given {@code partitions} to others, or is about to: nothing of them starts from here on, nothing
     * can be committed, and they are somebody else's when this returns. It may be the broker that keeps the group which
     * was out of reach, and not we; so what ended and what runs is said all the same, if too late where the next owner
     * has begun already. Returns after some milliseconds where the fleet's topic can be written to, else after 2 s.
     */
    void lose(Collection<TopicPartition> partitions) {
        release(partitions);
        try {
            // The handler answers behind the release: what has not started is closed by then.
            Map<Place, JobAtWork> atWork = jobsAtWorkOfLost(partitions);
            assignment.settleClosed();
            sayWhatIsLost(partitions, atWork);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
        partitions.forEach(assignment::remove);
        inheritedJobs.forget(partitions);
    }

    /** Whoever starts jobs may be late to hear of it, and starts nothing at all until then. */
    private void release(Collection<TopicPartition> partitions) {
        lease.suspend();
        int count = partitions.size();
        var unused = handler.release(partitions).whenComplete((released, failure) -> {
            if (failure != null) {
                LOG.error("Some jobs of {} partitions may start here although those were given up", count, failure);
            }
            lease.resume();
            handler.goOn();
        });
    }

    private void awaitShortJobs(Collection<TopicPartition> partitions, long deadline) throws InterruptedException {
        for (long left = deadline - time.nanos();
                left > 0 && assignment.openSlots(partitions) > 0;
                left = deadline - time.nanos()) {
            pass(Duration.ofNanos(Math.min(left, LOOK.toNanos())));
        }
    }

    private void writeNotes(Collection<TopicPartition> partitions) throws InterruptedException {
        if (assignment.openSlots(partitions) == 0) {
            return;
        }
        Map<Place, JobAtWork> atWork = jobsAtWork(partitions);
        List<CompletableFuture<Void>> written = new ArrayList<>();
        assignment.forEachOpen(partitions, (place, slot) -> {
            // What runs elsewhere, or has ended there, already has a note, which stays that of whoever runs it.
            if (!inheritedJobs.isNoted(place) || atWork.containsKey(place)) {
                written.add(revokedSlots.add(place, slot, jobAt(place, slot, atWork)));
            }
        });
        try {
            await(CompletableFuture.allOf(written.toArray(new CompletableFuture<?>[0])), NOTES_PATIENCE);
            LOG.info("{} jobs go on here, and count for whoever has their partitions next", written.size());
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("{} jobs go on here, but that could not be said: they may run again elsewhere", written.size(), e);
            handler.leaveRunning(partitions);
        }
    }

    /** What is not known of in time is noted without its details, and takes no slot of its next owner's. */
    private Map<Place, JobAtWork> jobsAtWork(Collection<TopicPartition> partitions) throws InterruptedException {
        try {
            return await(handler.atWork(partitions), ANSWER_PATIENCE);
        } catch (ExecutionException | TimeoutException e) {
            return jobsAreNotKnown(e);
        }
    }

    private Map<Place, JobAtWork> jobsAtWorkOfLost(Collection<TopicPartition> partitions) throws InterruptedException {
        try {
            return time.await(handler.atWork(partitions), LOST_PATIENCE);
        } catch (ExecutionException | TimeoutException e) {
            return jobsAreNotKnown(e);
        }
    }

    private static Map<Place, JobAtWork> jobsAreNotKnown(Exception why) {
        LOG.warn("It is not known in time which jobs run: they are handed over by their ids alone", why);
        return Map.of();
    }

    private void sayWhatIsLost(Collection<TopicPartition> partitions, Map<Place, JobAtWork> atWork)
            throws InterruptedException {
        Set<Place> saidByOthers = inheritedJobs.saidByOthers(partitions);
        List<CompletableFuture<Void>> said = new ArrayList<>();
        assignment.forEachOpen(partitions, (place, slot) -> {
            boolean isElsewhere = inheritedJobs.isNoted(place) && !atWork.containsKey(place);
            if (isElsewhere) {
                return;
            }
            // Nothing that comes late may take back what somebody else has said; but the end here is to be heard.
            CompletableFuture<Void> word = saidByOthers.contains(place)
                    ? revokedSlots.follow(place, slot)
                    : revokedSlots.addLost(place, slot, jobAt(place, slot, atWork));
            said.add(word);
        });
        int running = said.size();
        said.add(assignment.tellEnds(partitions));
        try {
            time.await(CompletableFuture.allOf(said.toArray(new CompletableFuture<?>[0])), LOST_PATIENCE);
            LOG.info("{} jobs go on here, and how they end will be said", running);
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("{} jobs go on here, but that could not be said yet: they may run again elsewhere", running, e);
            handler.leaveRunning(partitions);
        }
    }

    private static Optional<JobAtWork> jobAt(Place place, Slot slot, Map<Place, JobAtWork> atWork) {
        return Optional.ofNullable(atWork.get(place)).or(() -> JobAtWork.named(slot.name()));
    }

    /** Whether everything of theirs is committed. */
    private boolean commitLast(Collection<TopicPartition> partitions, Duration patience) throws InterruptedException {
        long deadline = time.nanos() + patience.toNanos();
        pass(Duration.ZERO);
        while (committer.mayCatchUp(partitions) && deadline - time.nanos() > 0) {
            pass(LOOK);
        }
        return !committer.isBehind(partitions);
    }

    /** Whoever has them next hears of it before it begins: its notes are read after these were acknowledged. */
    private void tellEnds(Collection<TopicPartition> partitions) throws InterruptedException {
        try {
            await(assignment.tellEnds(partitions), NOTES_PATIENCE);
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn(
                    "What has ended of {} partitions can neither be committed nor said: it may run again elsewhere",
                    partitions.size(),
                    e);
        }
    }

    /** Lets {@code patience} pass, or less; takes closed slots off the books, and commits. */
    private void pass(Duration patience) throws InterruptedException {
        assignment.awaitAndSettleClosed(patience);
        committer.commit();
        committer.awaitAnswer(ANSWER_STEP);
    }

    private <T> T await(Future<T> future, Duration patience)
            throws InterruptedException, ExecutionException, TimeoutException {
        for (long left = patience.toNanos(); left > 0; ) {
            long before = time.nanos();
            try {
                return time.await(future, LOOK);
            } catch (TimeoutException notYet) {
                pass(Duration.ZERO);
            }
            // A step may take far longer, where brokers are in trouble.
            left -= Math.max(LOOK.toNanos(), time.nanos() - before);
        }
        return time.await(future, Duration.ZERO);
    }
}
