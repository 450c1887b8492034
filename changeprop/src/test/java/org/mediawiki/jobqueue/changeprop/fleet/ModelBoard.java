package org.mediawiki.jobqueue.changeprop.fleet;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The fleet's topic without Kafka, but with ways that take their time: what is written arrives, and is heard, later. */
public final class ModelBoard {

    private final Map<String, byte[]> present = new LinkedHashMap<>();
    private final List<Desk> desks = new ArrayList<>();
    private long written;

    /**
     * An instance's two connections, each with its two ways.
     *
     * @param toWrite what it writes
     * @param written what it is told of that
     * @param toRead what it asks for
     * @param read what it hears
     */
    public record Ways(
            Consumer<Runnable> toWrite,
            Consumer<Runnable> written,
            Consumer<Runnable> toRead,
            Consumer<Runnable> read) {}

    /** Somebody who reads from here on, and what stands there already. */
    public Desk join(String name, String incarnation, Ways ways) {
        Desk desk = new Desk(new Fleet(new Identity(name, incarnation)), ways);
        Map<String, byte[]> before = new LinkedHashMap<>(present);
        long end = written;
        ways.read().accept(() -> {
            before.forEach(desk::told);
            desk.hasRead(end);
        });
        desks.add(desk);
        return desk;
    }

    /** How many notes stand there. */
    public long notes() {
        return present.keySet().stream()
                .filter(key -> Place.ofKey(key).isPresent())
                .count();
    }

    private void arrived(String key, byte @Nullable [] value) {
        present.remove(key);
        if (value != null) {
            present.put(key, value);
        }
        written++;
        long end = written;
        desks.forEach(desk -> desk.ways.read().accept(() -> {
            desk.told(key, value);
            desk.hasRead(end);
        }));
    }

    /** What one instance knows of the topic, and its way to write to it. */
    public final class Desk implements FleetNotes.Board {

        private final Fleet fleet;
        private final Ways ways;
        private final List<Barrier> barriers = new ArrayList<>();
        private CompletableFuture<Void> heartbeat = CompletableFuture.completedFuture(null);
        private long read;

        private record Barrier(long end, CompletableFuture<Void> passed) {}

        private Desk(Fleet fleet, Ways ways) {
            this.fleet = fleet;
            this.ways = ways;
        }

        public Notes notes() {
            return new FleetNotes(fleet, this);
        }

        /** A heartbeat, unless one is on its way still. */
        public void beat() {
            if (heartbeat.isDone()) {
                Instance instance = new Instance(fleet.own(), Instant.EPOCH, "1", "host", "host:1", List.of("main"));
                heartbeat = write(Fleet.INSTANCE + fleet.own().name(), FleetJson.bytes(instance));
            }
        }

        /** Its instance has ended, and says so; completes when that is known. */
        public CompletableFuture<Void> end() {
            return write(Fleet.INSTANCE + fleet.own().name(), null);
        }

        /** Nobody sits here any more. */
        public void leave() {
            desks.remove(this);
        }

        @Override
        public CompletableFuture<Void> caughtUp() {
            CompletableFuture<Void> passed = new CompletableFuture<>();
            ways.toRead().accept(() -> {
                long end = written;
                ways.read().accept(() -> {
                    barriers.add(new Barrier(end, passed));
                    hasRead(read);
                });
            });
            return passed;
        }

        @Override
        public CompletableFuture<Void> write(String key, byte @Nullable [] value) {
            CompletableFuture<Void> heard = new CompletableFuture<>();
            ways.toWrite().accept(() -> {
                arrived(key, value);
                ways.written().accept(() -> heard.complete(null));
            });
            return heard;
        }

        private void told(String key, byte @Nullable [] value) {
            fleet.told(key, value, Instant.EPOCH);
        }

        private void hasRead(long end) {
            read = Math.max(read, end);
            List<Barrier> reached =
                    barriers.stream().filter(barrier -> barrier.end() <= read).toList();
            barriers.removeAll(reached);
            reached.forEach(barrier -> barrier.passed().complete(null));
        }
    }
}
