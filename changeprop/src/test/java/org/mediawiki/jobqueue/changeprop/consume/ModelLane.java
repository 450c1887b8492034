package org.mediawiki.jobqueue.changeprop.consume;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.mediawiki.jobqueue.changeprop.fleet.JobAtWork;
import org.mediawiki.jobqueue.changeprop.fleet.Place;
import org.mediawiki.jobqueue.changeprop.ledger.Ending;
import org.mediawiki.jobqueue.changeprop.ledger.Slot;

/**
 * A lane as {@link org.mediawiki.jobqueue.changeprop.dispatch} is one, without anything that does not matter here: jobs start
 * in order, so many at once, while the lease is held; what is scheduled is written as soon as it is read and the lease is
 * held; what was begun elsewhere waits for its end; and it hears of everything later than it was told, at times much later.
 */
final class ModelLane implements RecordHandler {

    private static final long AGAIN_NANOS = Duration.ofMillis(500).toNanos();

    private final ModelInstance instance;
    private final int most;
    private final Map<Place, Attempt> attempts = new LinkedHashMap<>();

    /** Those whose attempt is over and whose event is being written. */
    private final Map<Place, Slot> beingWritten = new LinkedHashMap<>();

    /** What is written to the scheduled topic as soon as the lease is held. */
    private final Map<Slot, Place> toBeScheduled = new LinkedHashMap<>();

    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private final Stays stays = new Stays();
    private boolean stopped;

    private record Waiting(Place place, Slot slot) {}

    private static final class Attempt {
        private final Journal.Run run;
        private Slot slot;
        private boolean released;

        Attempt(Slot slot, Journal.Run run) {
            this.slot = slot;
            this.run = run;
        }
    }

    /** Runs {@code most} jobs at once. */
    ModelLane(ModelInstance instance, int most) {
        this.instance = instance;
        this.most = most;
    }

    @Override
    public void handle(List<PolledRecord> records) {
        instance.journal()
                .note(() -> instance + " polls "
                        + records.stream()
                                .map(record -> record.record().topic() + "-"
                                        + record.record().partition() + " at offset "
                                        + record.record().offset())
                                .toList());
        instance.ways().toLane().send(() -> records.forEach(this::take));
    }

    @Override
    public CompletableFuture<Void> release(Collection<TopicPartition> partitions) {
        Set<TopicPartition> those = Set.copyOf(partitions);
        CompletableFuture<Void> released = new CompletableFuture<>();
        instance.ways().toLane().send(() -> {
            releaseAll(those);
            released.complete(null);
        });
        return released;
    }

    @Override
    public CompletableFuture<Map<Place, JobAtWork>> atWork(Collection<TopicPartition> partitions) {
        Set<TopicPartition> those = Set.copyOf(partitions);
        CompletableFuture<Map<Place, JobAtWork>> answer = new CompletableFuture<>();
        instance.ways().toLane().send(() -> {
            Map<Place, JobAtWork> atWork = new HashMap<>();
            beingWritten.keySet().forEach(place -> atWork.put(place, job(place, false)));
            attempts.keySet().forEach(place -> atWork.put(place, job(place, true)));
            atWork.keySet().removeIf(place -> !those.contains(place.partition()));
            answer.complete(atWork);
        });
        return answer;
    }

    @Override
    public void expect(List<Expected> jobs) {
        instance.ways().toLane().send(() -> jobs.forEach(job -> stays.expect(job.place(), job.ended())));
    }

    @Override
    public void endedElsewhere(Place place, Ending how) {
        instance.ways().toLane().send(() -> hasEndedElsewhere(place, how));
    }

    @Override
    public void keepBlocked(long bytes) {
        // Nothing is blocked here.
    }

    @Override
    public void goOn() {
        instance.ways().toLane().send(this::startSome);
    }

    @Override
    public void leaveRunning(Collection<TopicPartition> partitions) {
        instance.leftRunning(Set.copyOf(partitions));
    }

    @Override
    public void stop() {
        instance.ways().toLane().send(() -> {
            stopped = true;
            releaseAll(instance.log().partitions());
        });
    }

    private void take(PolledRecord polled) {
        Slot slot = polled.slot();
        Place place = new Place(
                polled.record().topic(),
                polled.record().partition(),
                polled.record().offset());
        if (stopped) {
            close(slot, Ending.RELEASED);
            return;
        }
        slot.name("id " + place);
        Attempt underWay = attempts.get(place);
        if (underWay != null) {
            slot.takeOver(underWay.slot);
            underWay.slot = slot;
            underWay.released = false;
            stays.adopted(place);
            return;
        }
        if (!stays.keeps(place, slot, this::close)) {
            enter(place, slot);
        }
    }

    private void enter(Place place, Slot slot) {
        ModelLog.Fate fate = instance.log().of(place);
        if (fate.how() == Ending.SCHEDULED) {
            toBeScheduled.put(slot, place);
            schedule(slot);
        } else {
            waiting.add(new Waiting(place, slot));
            startSome();
        }
    }

    /** Unless it was released, now or when the lease is held. */
    private void schedule(Slot slot) {
        Place place = toBeScheduled.get(slot);
        if (place == null) {
            return;
        }
        if (instance.lease().isHeld()) {
            toBeScheduled.remove(slot);
            write(place, slot, Ending.SCHEDULED, instance.journal().started(instance, place));
        } else {
            instance.world()
                    .at(
                            instance.world().now() + AGAIN_NANOS,
                            () -> instance.ways().toLane().send(() -> schedule(slot)));
        }
    }

    private void startSome() {
        while (attempts.size() < most && !waiting.isEmpty() && instance.lease().isHeld()) {
            Waiting next = waiting.remove();
            Attempt attempt = new Attempt(next.slot(), instance.journal().started(instance, next.place()));
            attempts.put(next.place(), attempt);
            long ends = instance.world().now() + instance.log().of(next.place()).nanos();
            instance.world().at(ends, () -> instance.ways().fromRunner().send(() -> finished(next.place(), attempt)));
        }
    }

    private void finished(Place place, Attempt attempt) {
        attempts.remove(place);
        ModelLog.Fate fate = instance.log().of(place);
        if (fate.takeHold()) {
            attempt.run.ended(false);
            if (attempt.released) {
                close(attempt.slot, Ending.RELEASED);
            } else {
                waiting.addFirst(new Waiting(place, attempt.slot));
            }
        } else if (fate.how() == Ending.DONE) {
            attempt.run.ended(true);
            close(attempt.slot, Ending.DONE);
        } else {
            write(place, attempt.slot, fate.how(), attempt.run);
        }
        startSome();
    }

    /** What is scheduled, or has failed, has ended when the brokers have it. */
    private void write(Place place, Slot slot, Ending how, Journal.Run run) {
        beingWritten.put(place, slot);
        instance.ways()
                .toOutbox()
                .send(
                        instance.brokersMood(),
                        () -> instance.ways().fromOutbox().send(() -> {
                            beingWritten.remove(place);
                            run.ended(true);
                            close(slot, how);
                        }));
    }

    private void hasEndedElsewhere(Place place, Ending how) {
        stays.ended(place, how).ifPresent(guest -> {
            if (how == Ending.RELEASED) {
                enter(place, guest);
            } else {
                close(guest, how);
            }
        });
    }

    private void releaseAll(Collection<TopicPartition> partitions) {
        for (Iterator<Waiting> each = waiting.iterator(); each.hasNext(); ) {
            Waiting next = each.next();
            if (partitions.contains(next.place().partition())) {
                each.remove();
                close(next.slot(), Ending.RELEASED);
            }
        }
        for (Iterator<Map.Entry<Slot, Place>> each = toBeScheduled.entrySet().iterator(); each.hasNext(); ) {
            Map.Entry<Slot, Place> next = each.next();
            if (partitions.contains(next.getValue().partition())) {
                each.remove();
                close(next.getKey(), Ending.RELEASED);
            }
        }
        attempts.forEach((place, attempt) -> attempt.released |= partitions.contains(place.partition()));
        stays.release(partitions).forEach(guest -> close(guest, Ending.RELEASED));
    }

    private void close(Slot slot, Ending how) {
        slot.close(how);
        instance.isAtWork();
    }

    private JobAtWork job(Place place, boolean isRunning) {
        return new JobAtWork(
                "a",
                "enwiki",
                "s1",
                "id " + place,
                isRunning ? Optional.of(instance.world().instant()) : Optional.empty());
    }
}
