package org.mediawiki.jobqueue.changeprop.consume;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.apache.kafka.common.TopicPartition;
import org.mediawiki.jobqueue.changeprop.ledger.Ending;
import org.mediawiki.jobqueue.changeprop.ledger.Slot;

/** Takes records and leaves them open; a stop or {@link #releaseAll} releases what is open. */
final class RecordingHandler implements RecordHandler {

    private final List<Slot> open = new ArrayList<>();
    private final List<Long> handled = new ArrayList<>();
    private final List<Collection<TopicPartition>> released = new ArrayList<>();
    private final List<Set<TopicPartition>> leftRunning = new ArrayList<>();
    private Runnable onRelease = () -> {};
    private boolean hasLongJobs;

    /** Runs within every {@link #release}. */
    void onRelease(Runnable action) {
        onRelease = action;
    }

    /** What is open at a stop runs on. */
    void takeLong() {
        hasLongJobs = true;
    }

    @Override
    public void handle(List<PolledRecord> records) {
        records.forEach(record -> {
            open.add(record.slot());
            handled.add(record.slot().offset());
        });
    }

    @Override
    public void release(Collection<TopicPartition> partitions) {
        released.add(partitions);
        onRelease.run();
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
}
