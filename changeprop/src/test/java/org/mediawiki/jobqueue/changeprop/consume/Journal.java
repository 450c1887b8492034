package org.mediawiki.jobqueue.changeprop.consume;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.mediawiki.jobqueue.changeprop.fleet.Place;
import org.mediawiki.jobqueue.changeprop.ledger.CommitMetadata;
import org.mediawiki.jobqueue.changeprop.ledger.PartitionLedger;
import org.mediawiki.jobqueue.changeprop.ledger.Totals;

/**
 * What has run where, and which misfortunes may explain it; each start and each commit is judged when it comes. What is
 * excused is told at {@link #excuse}.
 */
final class Journal {

    /** What ended so shortly before its instance was gone may run again (SPEC guarantee 2), where commits were taken. */
    private static final long WINDOW_NANOS = Duration.ofMillis(100).toNanos();

    /** The same where commits were not answered: 250 ms until that is noticed, and the note's own way. */
    private static final long NOTE_WINDOW_NANOS = Duration.ofMillis(400).toNanos();

    /** Three quarters of a session. */
    static final long LEASE_NANOS = ModelGroup.SESSION_NANOS / 4 * 3;

    /** Ten heartbeats of somebody else, one of which may have been on its way, and as late as the last of one's own. */
    private static final long LAPSE_NANOS = Duration.ofSeconds(8).toNanos();

    private final Simulation world;
    private final ModelLog log;
    private final boolean verbose;
    private final List<String> lines = new ArrayList<>();
    private final Map<Place, List<Run>> runs = new HashMap<>();
    private final Set<Place> finished = new HashSet<>();
    private final List<Accident> accidents = new ArrayList<>();

    private int excused;

    /** {@code from} is when {@code instance} could say the last; what it began by {@code to} is what this may explain. */
    private record Accident(
            ModelInstance instance, Set<TopicPartition> partitions, long from, long to, Health.Said said) {

        boolean concerns(TopicPartition partition) {
            return partitions.isEmpty() || partitions.contains(partition);
        }
    }

    /** A job's work at one instance, from its start until that knows of its end. */
    final class Run {

        private final ModelInstance instance;
        private final Place place;
        private final long fromNanos;
        private long endNanos = Long.MAX_VALUE;
        private final boolean isUnaware;
        private boolean isFinal;
        private boolean canBeCommitted;
        private Health.Said saidBefore = new Health.Said(0, 0);

        private Run(ModelInstance instance, Place place, long fromNanos) {
            this.instance = instance;
            this.place = place;
            this.fromNanos = fromNanos;
            this.isUnaware = world.now() - instance.heardNanos() > LEASE_NANOS && wasInRound(instance);
        }

        /** It ended; otherwise it came to nothing, and must be run again. */
        void ended(boolean forGood) {
            note(() -> place + " ends at " + instance + (forGood ? "" : " for nothing"));
            endNanos = world.now();
            isFinal = forGood;
            canBeCommitted = instance.owns(place.partition());
            saidBefore = instance.health().said();
            if (forGood) {
                finished.add(place);
            }
        }

        /** Whether neither a commit nor a note has had the time to say that it ended. */
        private boolean couldNotBeSaidBy(Health.Said then) {
            boolean byCommit = canBeCommitted && then.commitNanos() - saidBefore.commitNanos() > WINDOW_NANOS;
            long noteWindow = canBeCommitted ? NOTE_WINDOW_NANOS : WINDOW_NANOS;
            return !byCommit && then.noteNanos() - saidBefore.noteNanos() <= noteWindow;
        }

        boolean isUnderWay() {
            return endNanos == Long.MAX_VALUE;
        }

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%s from %.6f %s",
                    instance,
                    fromNanos / 1e9,
                    isUnderWay() ? "on" : String.format(Locale.ROOT, "to %.6f", endNanos / 1e9));
        }
    }

    Journal(Simulation world, ModelLog log, boolean verbose) {
        this.world = world;
        this.log = log;
        this.verbose = verbose;
    }

    /** What was told, in order, if it is {@code verbose}. */
    List<String> lines() {
        return lines;
    }

    /** How often a job started although it had been started before. */
    int excused() {
        return excused;
    }

    void note(Supplier<String> line) {
        if (verbose) {
            lines.add(String.format(Locale.ROOT, "%.6f %s", world.now() / 1e9, line.get()));
        }
    }

    /** A job starts, or is on its way into the scheduled topic. */
    Run started(ModelInstance instance, Place place) {
        note(() -> place + " starts at " + instance);
        List<Run> before = runs.computeIfAbsent(place, ignored -> new ArrayList<>());
        Run run = new Run(instance, place, world.now());
        before.stream().filter(other -> other.isUnderWay() || other.isFinal).forEach(other -> judge(other, run));
        judgeLease(instance, place);
        before.add(run);
        return run;
    }

    private void judge(Run before, Run now) {
        if (before.isUnaware || now.isUnaware || isExcused(before, now)) {
            excused++;
        } else {
            world.fail(now.place + " starts at " + now.instance
                    + (before.isUnderWay() ? " while it runs at " : " though it has ended at ") + before);
        }
    }

    /** Everything below, and what the metadata names, must have ended. */
    void committed(TopicPartition partition, OffsetAndMetadata offset) {
        note(() -> "committed of " + partition + ": " + offset);
        PartitionLedger said = new PartitionLedger(
                offset.offset(), CommitMetadata.decode(offset.offset(), offset.metadata()), slot -> {}, new Totals());
        for (long each = 0; each < log.end(partition); each++) {
            Place place = new Place(partition, each);
            if ((each < offset.offset() || said.wasFinished(each)) && !finished.contains(place)) {
                world.fail(place + " is committed, and has not ended");
            }
        }
    }

    /** Its process is gone. */
    void gone(ModelInstance instance, String how) {
        accident(instance, Set.of(), world.now(), how);
    }

    /** The group has given everything of its to others; what it began before may be what they begin. */
    void expelled(ModelInstance instance) {
        accident(instance, Set.of(), instance.health().silentSince(), "expelled");
    }

    /** What runs of these there runs again elsewhere, and that was said. */
    void leftRunning(ModelInstance instance, Set<TopicPartition> partitions) {
        accident(instance, partitions, world.now(), "left running");
    }

    /** These went to others, who may not know what has ended. */
    void unheard(ModelInstance instance, Set<TopicPartition> partitions) {
        accident(instance, partitions, world.now(), "handed over unheard");
    }

    private void accident(ModelInstance instance, Set<TopicPartition> partitions, long from, String what) {
        note(() -> instance + ": " + what + " " + partitions);
        accidents.add(new Accident(
                instance, partitions, from, world.now(), instance.health().said()));
    }

    private boolean isExcused(Run before, Run now) {
        List<Run> here = runs.getOrDefault(now.place, List.of()).stream()
                .filter(other -> other.instance == now.instance)
                .toList();
        // Of what came to nothing after an accident, what is tried again may come twice as well.
        return here.stream().noneMatch(Run::isUnderWay)
                && (wasInAccident(before) || here.stream().anyMatch(other -> !other.isFinal && wasInAccident(other)));
    }

    private boolean wasInAccident(Run run) {
        return run.instance.health().wasSilentFor(LAPSE_NANOS, run.fromNanos, lastWord(run.endNanos))
                || accidents.stream().anyMatch(accident -> excuse(run, accident));
    }

    /** Until when it may not have been said that something ended then. */
    private static long lastWord(long endNanos) {
        return endNanos == Long.MAX_VALUE ? endNanos : endNanos + NOTE_WINDOW_NANOS;
    }

    private static boolean excuse(Run run, Accident accident) {
        if (accident.instance() != run.instance
                || run.fromNanos > accident.to()
                || !accident.concerns(run.place.partition())) {
            return false;
        }
        return run.endNanos >= accident.from() || run.couldNotBeSaidBy(accident.said());
    }

    /**
     * Whether it was cut off in the middle of a round, and knows nothing of it: then it keeps its lease for so long. Not
     * promised.
     */
    private boolean wasInRound(ModelInstance instance) {
        return world.now() <= instance.mayStartUntilNanos();
    }

    /** Nobody starts what the group may have given to others. */
    private void judgeLease(ModelInstance instance, Place place) {
        long nanos = world.now();
        long heard = instance.heardNanos();
        if (nanos - heard > LEASE_NANOS && !wasInRound(instance)) {
            world.fail(String.format(
                    Locale.ROOT,
                    "%s starts at %s, which the group has not heard for %.3f s",
                    place,
                    instance,
                    (nanos - heard) / 1e9));
        }
    }
}
