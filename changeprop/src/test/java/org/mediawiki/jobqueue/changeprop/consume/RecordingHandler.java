package org.mediawiki.jobqueue.changeprop.consume;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.apache.kafka.common.TopicPartition;
import org.mediawiki.jobqueue.changeprop.fleet.JobAtWork;
import org.mediawiki.jobqueue.changeprop.fleet.Place;
import org.mediawiki.jobqueue.changeprop.ledger.Ending;
import org.mediawiki.jobqueue.changeprop.ledger.Slot;

/**
 * Takes records and leaves them open; a stop or {@link #releaseAll} releases what is open. What runs already when its record
 * is polled again, runs for that one from there on.
 */
final class RecordingHandler implements RecordHandler {

    private final List<Slot> open = new ArrayList<>();
    private final List<Long> handled = new ArrayList<>();
    private final List<Collection<TopicPartition>> released = new ArrayList<>();
    private final List<Set<TopicPartition>> leftRunning = new ArrayList<>();
    private final List<Expected> expected = new ArrayList<>();
    private final Map<Place, Ending> endedElsewhere = new LinkedHashMap<>();
    private final Map<Slot, Place> places = new HashMap<>();
    private final List<Long> blocked = new ArrayList<>();
    private int wentOn;
    private Runnable onRelease = () -> {};
    private boolean hasLongJobs;
    private CompletableFuture<Void> hasHeardOfRelease = CompletableFuture.completedFuture(null);

    /** Runs within every {@link #release}. */
    void onRelease(Runnable action) {
        onRelease = action;
    }

    /** It hears of a {@link #release} only when {@code heard} completes. */
    void hearOfReleaseWhen(CompletableFuture<Void> heard) {
        hasHeardOfRelease = heard;
    }

    /** What is open at a stop runs on. */
    void takeLong() {
        hasLongJobs = true;
    }

    /** What is open at a stop is released. */
    void takeShort() {
        hasLongJobs = false;
    }

    @Override
    public void handle(List<PolledRecord> records) {
        records.forEach(record -> {
            open.add(record.slot());
            handled.add(record.slot().offset());
            record.slot().name("id " + record.slot().offset());
            TopicPartition partition =
                    new TopicPartition(record.record().topic(), record.record().partition());
            Place place = new Place(partition, record.slot().offset());
            open.stream()
                    .filter(slot -> place.equals(places.get(slot)))
                    .reduce((one, other) -> other)
                    .ifPresent(record.slot()::takeOver);
            places.put(record.slot(), place);
        });
    }

    @Override
    public CompletableFuture<Void> release(Collection<TopicPartition> partitions) {
        released.add(partitions);
        onRelease.run();
        return hasHeardOfRelease;
    }

    /** Everything that is open runs. */
    @Override
    public CompletableFuture<Map<Place, JobAtWork>> atWork(Collection<TopicPartition> partitions) {
        Map<Place, JobAtWork> atWork = new HashMap<>();
        open.stream()
                .map(places::get)
                .filter(place -> place != null && partitions.contains(place.partition()))
                .forEach(place -> atWork.put(
                        place, new JobAtWork("a", "enwiki", "s1", "id " + place.offset(), Optional.of(Instant.EPOCH))));
        return CompletableFuture.completedFuture(atWork);
    }

    /** As if nothing that is open ran here. */
    void forgetWhatIsAtWork() {
        places.clear();
    }

    @Override
    public void expect(List<Expected> jobs) {
        expected.addAll(jobs);
    }

    @Override
    public void endedElsewhere(Place place, Ending how) {
        endedElsewhere.put(place, how);
    }

    @Override
    public void keepBlocked(long bytes) {
        blocked.add(bytes);
    }

    @Override
    public void goOn() {
        wentOn++;
    }

    @Override
    public void leaveRunning(Collection<TopicPartition> partitions) {
        leftRunning.add(Set.copyOf(partitions));
    }

    @Override
    public void stop() {
        if (!hasLongJobs) {
            releaseAll();
        }
    }

    void releaseAll() {
        open.forEach(slot -> slot.close(Ending.RELEASED));
        open.clear();
    }

    /** Ends the open records. */
    void finish(long... offsets) {
        LongStream.of(offsets).forEach(offset -> {
            Slot slot = open.stream()
                    .filter(candidate -> candidate.offset() == offset)
                    .findFirst()
                    .orElseThrow();
            open.remove(slot);
            slot.close(Ending.DONE);
        });
    }

    List<Slot> open() {
        return open;
    }

    /** The offsets of every record that came, in order. */
    List<Long> handled() {
        return handled;
    }

    List<Collection<TopicPartition>> released() {
        return released;
    }

    List<Set<TopicPartition>> leftRunning() {
        return leftRunning;
    }

    List<Expected> expected() {
        return expected;
    }

    Map<Place, Ending> endedElsewhere() {
        return endedElsewhere;
    }

    /** How much might be blocked, each time that it changed. */
    List<Long> blocked() {
        return blocked;
    }

    /** How often jobs might start again. */
    int wentOn() {
        return wentOn;
    }
}
