package org.mediawiki.jobqueue.changeprop.consume;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.mediawiki.jobqueue.changeprop.assign.Strays;
import org.mediawiki.jobqueue.changeprop.fleet.Notes;
import org.mediawiki.jobqueue.changeprop.topic.Topics;
import org.mediawiki.jobqueue.runner.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The loop of the thread that owns a lane's consumer. Polling never stops, not while jobs run for hours and not while
 * the lane drains; a partition that has enough open is paused instead.
 */
public final class PollLoop implements Runnable {

    /**
     * While something is open: how soon closed slots are read back, part of the 100 ms of SPEC guarantee 2. A poll that brings
     * nothing costs what one costs that brings something (docs/performance.md, At low rates).
     */
    private static final Duration BUSY_POLL = Duration.ofMillis(40);

    /** While a partition is paused: how soon it is seen that there is room again. */
    private static final Duration PAUSED_POLL = Duration.ofMillis(20);

    /** While nothing is open: records end a poll at once, so this only bounds how soon a stop is noticed. */
    private static final Duration IDLE_POLL = Duration.ofMillis(250);

    /** After a failure of the brokers: long enough not to press them, short beside what a failover takes. */
    private static final Duration BACKOFF = Duration.ofSeconds(1);

    /** What is not committed by then is told by notes; brokers that answer at all answer sooner. */
    private static final Duration LAST_COMMIT_PATIENCE = Duration.ofSeconds(1);

    private static final Logger LOG = LoggerFactory.getLogger(PollLoop.class);

    private final ReplaceableConsumer consumer;
    private final RecordHandler handler;
    private final Time time;
    private final RevokedSlots revokedSlots;
    private final Assignment assignment;
    private final Committer committer;
    private final Lease lease;
    private final LeaseWatch leaseWatch;
    private final Unreadable unreadable;
    private final Pauses pauses;
    private final InheritedJobs inheritedJobs;
    private final Takeover takeover;
    private final HandOver handOver;
    private final Rebalance rebalance;
    private final Subscription subscription;
    private final ProgressSnapshot progress;
    private final Drain drain;
    private final LoopHealth health;

    /** Written by whoever stops the loop, read by the poll thread. */
    private volatile boolean stopping;

    /** Written by the poll thread, read by readiness checks. */
    private volatile boolean joined;

    /**
     * What may change while a loop runs.
     *
     * @param topicPattern the topics of the lane
     * @param flowControl when partitions are paused
     * @param pools whose job types share limits: where others do than before, the group assigns its partitions anew
     */
    public record Settings(String topicPattern, FlowControl flowControl, Set<String> pools) {}

    /**
     * What a loop is made of.
     *
     * @param consumers makes the loop's consumer, which is closed by it; and another where that must be replaced
     * @param pollSizeGuard its deserializer of values
     * @param predecessorOffsets what other lanes have left
     * @param settings until it is {@linkplain #follow changed}
     * @param strays what this member keeps in mind while it leads the group
     * @param notes what instances tell each other of jobs whose partitions go from one to the other
     * @param lease renewed by what the loop commits
     * @param drainTimeout how long to wait for running jobs when the loop stops
     */
    public record Parts(
            Supplier<Consumer<byte[], byte[]>> consumers,
            PollSizeGuard pollSizeGuard,
            Topics topics,
            PredecessorOffsets predecessorOffsets,
            Settings settings,
            Strays strays,
            Notes notes,
            Lease lease,
            Duration drainTimeout) {}

    public PollLoop(Parts parts, RecordHandler handler, ConsumptionListener listener, Time time) {
        this.consumer = new ReplaceableConsumer(parts.consumers());
        this.handler = handler;
        this.time = time;
        this.lease = parts.lease();
        this.revokedSlots = new RevokedSlots(parts.notes());
        this.assignment = new Assignment(parts.topics(), listener, revokedSlots, time);
        Forbidden forbidden = new Forbidden(assignment, time);
        this.committer = new Committer(consumer::current, assignment, lease, forbidden, time);
        this.leaseWatch = new LeaseWatch(lease, assignment, handler::goOn);
        this.unreadable = new Unreadable(consumer::current, assignment, forbidden, time);
        Depths depths = new Depths(parts.settings().flowControl(), assignment::owns, time);
        this.pauses = new Pauses(
                consumer::current, assignment, lease, unreadable, depths, parts.pollSizeGuard(), handler::keepBlocked);
        this.inheritedJobs = new InheritedJobs(parts.notes(), revokedSlots, assignment, handler, time);
        this.takeover = new Takeover(consumer::current, parts.predecessorOffsets(), assignment, inheritedJobs, time);
        this.handOver = new HandOver(assignment, revokedSlots, inheritedJobs, committer, handler, lease, time);
        this.rebalance = new Rebalance(takeover, assignment, handOver);
        this.subscription = new Subscription(consumer, pauses, rebalance, parts.settings(), parts.strays());
        this.progress = new ProgressSnapshot(consumer::current, assignment, revokedSlots, unreadable, time);
        this.drain = new Drain(assignment, revokedSlots, handler, parts.drainTimeout(), time);
        this.health = new LoopHealth(time);
    }

    /**
     * Returns when it was {@linkplain #stop stopped}, has left the group, and what ran has ended or had its time; throws
     * when it cannot go on.
     */
    @Override
    public void run() {
        long stopped;
        try {
            subscription.subscribe();
            while (!stopping) {
                turn();
            }
            stopped = time.nanos();
            handOverAll();
        } catch (RuntimeException | Error e) {
            // What waits in memory may be somebody else's already.
            handler.stop();
            throw e;
        } finally {
            consumer.close();
        }
        drain.awaitRunning(stopped, () -> {
            health.wentWell();
            progress.publishIfDue();
        });
        progress.publish();
        health.ended();
    }

    /** From here on. Any thread; returns at once, and the loop follows within a turn. */
    public void follow(Settings next) {
        subscription.change(next);
    }

    /**
     * Asks the loop to go on with another consumer: this one is of no use any more. What is owned is handed over, to
     * whoever the group gives it to next, itself most likely. Any thread; returns at once.
     */
    public void renew() {
        consumer.requestReplacement();
    }

    /** Asks the loop to hand everything over and to end. Any thread; returns at once. */
    public void stop() {
        stopping = true;
    }

    /**
     * Tells others of what has ended since {@link #run} returned: the last receipts come while clients are closed. On
     * the thread that has waited for the poll thread to end.
     */
    public void settleLate() {
        assignment.settleClosed();
    }

    /** Closes the consumer of a loop that was never run. */
    public void abandon() {
        consumer.close();
    }

    /** How long ago the loop last came round, if only to a poll that failed; zero once it has ended in order. Any thread. */
    public Duration sinceLastTurn() {
        return health.sinceLastTurn();
    }

    /** As {@link #sinceLastTurn}, but since a poll last went well. Any thread. */
    public Duration sinceLastPoll() {
        return health.sinceLastPoll();
    }

    /** The offset of the next record to be polled of each owned partition, as it was a second ago at most. Any thread. */
    public Map<TopicPartition, Long> positions() {
        return progress.positions();
    }

    /** Whether the group has given this member a share, if an empty one, at least once. Any thread. */
    public boolean hasJoined() {
        return joined;
    }

    /** What the lane owned a moment ago. Any thread. */
    public Holdings holdings() {
        return progress.holdings();
    }

    private void turn() {
        try {
            leaseWatch.look();
            changeConsumer();
            subscription.keepUp();
            // Before the poll: whatever may be wrong with the brokers, what is open stays bounded.
            pauses.apply();
            poll(patience());
        } catch (FencedInstanceIdException | InterruptException e) {
            throw e;
        } catch (WakeupException woken) {
            LOG.debug("Polling ends early: something is to be done");
        } catch (KafkaException e) {
            backOff(e);
        }
    }

    /** As when a rebalance takes everything and the next gives it back. */
    private void changeConsumer() {
        if (!consumer.isReplacementRequested()) {
            return;
        }
        try {
            // It ends the next wait, whatever that is: not one in which something is committed.
            poll(Duration.ZERO);
        } catch (WakeupException woken) {
            LOG.debug("Woken for another consumer");
        }
        // Before anything is given up: where it cannot be made yet, this one goes on.
        consumer.prepareReplacement();
        rebalance.onPartitionsRevoked(consumer.current().assignment());
        rebalance.away(true);
        try {
            consumer.replace();
        } finally {
            rebalance.away(false);
            committer.expectNoAnswer();
            subscription.subscribe();
        }
        LOG.info("Another consumer takes this one's place");
    }

    private void poll(Duration patience) {
        ConsumerRecords<byte[], byte[]> polled = consumer.current().poll(patience);
        if (lease.hasExpired()) {
            // Brokers give records to whoever asks, also to one whom the group has dropped: others may have read these.
            assignment.putBack(consumer.current(), polled);
        } else {
            handle(polled);
        }
        assignment.settleClosed();
        committer.commitIfDue();
        progress.publishIfDue();
        joined = rebalance.hasJoined();
        health.wentWell();
        if (!lease.hasExpired()) {
            // Whoever else may have them removes the notes of what has ended, as if it had to be run again.
            inheritedJobs.look();
        }
        inheritedJobs.tidy();
        takeover.complete();
        takeover.skipFinishedRuns();
    }

    private void handle(ConsumerRecords<byte[], byte[]> polled) {
        List<PolledRecord> opened = assignment.open(polled);
        if (!opened.isEmpty()) {
            handler.handle(opened);
        }
    }

    private Duration patience() {
        boolean isBehind = committer.isBehind();
        if (!isBehind && !isBusy()) {
            return IDLE_POLL;
        }
        Duration longest = pauses.holdsAny() ? PAUSED_POLL : BUSY_POLL;
        return isBehind ? committer.untilNext(longest) : longest;
    }

    private boolean isBusy() {
        return assignment.totals().openSlots() > 0
                || takeover.isPending()
                || !revokedSlots.isEmpty()
                || (assignment.size() > 0 && lease.hasExpired());
    }

    /**
     * The brokers are in trouble, or something cannot be read: slots are still read back, so that memory is freed while
     * nothing can be polled, and what has ended is committed, which keeps the lease where it is accepted.
     */
    private void backOff(KafkaException e) {
        if (unreadable.failed(e)) {
            assignment.settleClosed();
        } else {
            LOG.warn("Polling failed and is tried again in {}", BACKOFF, e);
            rest();
        }
        committer.commitIfDue();
        // It goes round, if in vain: whoever restarted it for that would wait for its drain, and win nothing.
        health.turned();
    }

    private void rest() {
        try {
            assignment.awaitAndSettleClosed(BACKOFF);
        } catch (InterruptedException interrupted) {
            throw new InterruptException(interrupted);
        }
    }

    private void handOverAll() {
        handler.stop();
        handOver.give(assignment.partitions(), LAST_COMMIT_PATIENCE);
        rebalance.away(true);
        // Whether it is due or not: the loop may have ended before it is, and whoever has them next shows them too.
        progress.publish();
    }
}
