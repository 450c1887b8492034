package org.mediawiki.jobqueue.changeprop.fleet;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The fleet's topic without Kafka: what is written is told to every instance at once, and to those that come later. */
public final class FakeBoard implements FleetNotes.Board {

    private final Map<String, byte[]> present = new LinkedHashMap<>();
    private final List<Fleet> readers = new ArrayList<>();
    private final Deque<CompletableFuture<Void>> barriers = new ArrayDeque<>();
    private final List<CompletableFuture<Void>> unacknowledged = new ArrayList<>();
    private boolean holdsBarriers;
    private boolean holdsAcknowledgements;
    private @Nullable RuntimeException refusal;

    /** An instance that reads from here on, and what it knows from the beginning. */
    public Fleet join(String name, String incarnation) {
        Fleet fleet = new Fleet(new Identity(name, incarnation));
        present.forEach((key, value) -> fleet.told(key, value, Instant.EPOCH));
        readers.add(fleet);
        return fleet;
    }

    /** It hears nothing any more. */
    public void leave(Fleet fleet) {
        readers.remove(fleet);
    }

    /** A heartbeat of {@code fleet}'s instance. */
    public void beat(Fleet fleet) {
        Instance instance = new Instance(fleet.own(), Instant.EPOCH, "1", "host", "host:1", List.of("main"));
        var unused = write(Fleet.INSTANCE + fleet.own().name(), FleetJson.bytes(instance));
    }

    /** {@code fleet}'s instance has ended. */
    public void end(Fleet fleet) {
        var unused = write(Fleet.INSTANCE + fleet.own().name(), null);
    }

    /** {@code fleet}'s instance says that it does nothing, at {@code at}. */
    public void state(Fleet fleet, Instant at) {
        var unused = write(Fleet.STATE + fleet.own().name(), StateJson.bytes(new InstanceState(at, List.of())));
    }

    /** What stands there of instances. */
    public List<String> keysOfInstances() {
        return present.keySet().stream()
                .filter(key -> key.startsWith(Fleet.INSTANCE) || key.startsWith(Fleet.STATE))
                .toList();
    }

    /** The note that stands at {@code place}. */
    public Optional<Note> note(Place place) {
        return Optional.ofNullable(present.get(place.key())).flatMap(FleetJson::note);
    }

    /** How many notes stand there. */
    public long notes() {
        return present.keySet().stream()
                .filter(key -> Place.ofKey(key).isPresent())
                .count();
    }

    /** Barriers stay closed until {@link #openBarriers}. */
    public void holdBarriers() {
        holdsBarriers = true;
    }

    public void openBarriers() {
        holdsBarriers = false;
        barriers.forEach(barrier -> barrier.complete(null));
        barriers.clear();
    }

    /** What is written is read, and nobody is told so until {@link #acknowledge}. */
    public void holdAcknowledgements() {
        holdsAcknowledgements = true;
    }

    public void acknowledge() {
        holdsAcknowledgements = false;
        unacknowledged.forEach(written -> written.complete(null));
        unacknowledged.clear();
    }

    /** Writes fail from here on. */
    public void refuse(RuntimeException failure) {
        refusal = failure;
    }

    /** Writes succeed again. */
    public void accept() {
        refusal = null;
    }

    @Override
    public CompletableFuture<Void> caughtUp() {
        CompletableFuture<Void> barrier = new CompletableFuture<>();
        if (holdsBarriers) {
            barriers.add(barrier);
        } else {
            barrier.complete(null);
        }
        return barrier;
    }

    @Override
    public CompletableFuture<Void> write(String key, byte @Nullable [] value) {
        if (refusal != null) {
            return CompletableFuture.failedFuture(refusal);
        }
        if (value == null) {
            present.remove(key);
        } else {
            present.put(key, value);
        }
        List.copyOf(readers).forEach(reader -> reader.told(key, value, Instant.EPOCH));
        CompletableFuture<Void> written = new CompletableFuture<>();
        unacknowledged.add(written);
        if (!holdsAcknowledgements) {
            acknowledge();
        }
        return written;
    }
}
