package org.mediawiki.jobqueue.changeprop.dead;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A topic of marks in memory. Each instance reads it at its own pace: when it is told to. */
final class SharedBoard {

    private record Written(String key, Optional<Buffer> value) {}

    private record Barrier(int end, CompletableFuture<Void> passed) {}

    private final List<Seat> seats = new ArrayList<>();
    private final List<Written> log = new ArrayList<>();

    /** The topic as one instance sees it. */
    final class Seat implements MarkBoard {

        private Optional<Marks> reader = Optional.empty();
        private int position;
        private final List<Barrier> barriers = new ArrayList<>();

        /** It reads from the beginning. */
        void readBy(Marks marks) {
            reader = Optional.of(marks);
        }

        /** Reads so many records, if there are as many. */
        void read(int count) {
            for (int i = 0; i < count && position < log.size(); i++, position++) {
                Written written = log.get(position);
                reader.orElseThrow()
                        .told(
                                written.key(),
                                written.value().map(Buffer::getBytes).orElse(null));
            }
            List<Barrier> passed = barriers.stream()
                    .filter(barrier -> barrier.end() <= position)
                    .toList();
            barriers.removeAll(passed);
            passed.forEach(barrier -> barrier.passed().complete(null));
        }

        @Override
        public CompletableFuture<Void> write(String key, byte @Nullable [] value) {
            log.add(new Written(key, Optional.ofNullable(value).map(Buffer::buffer)));
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletableFuture<Void> caughtUp() {
            Barrier barrier = new Barrier(log.size(), new CompletableFuture<>());
            barriers.add(barrier);
            return barrier.passed();
        }
    }

    Seat seat() {
        Seat seat = new Seat();
        seats.add(seat);
        return seat;
    }

    List<Seat> seats() {
        return seats;
    }

    /** Everybody reads everything. */
    void deliver() {
        seats.forEach(seat -> seat.read(log.size()));
    }
}
