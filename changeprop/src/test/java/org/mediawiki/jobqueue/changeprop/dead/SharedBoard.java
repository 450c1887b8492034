package org.mediawiki.jobqueue.changeprop.dead;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A topic of marks in memory. What is written is told to nobody until {@link #deliver}. */
final class SharedBoard {

    private record Written(String key, Optional<Buffer> value) {}

    private final List<Marks> readers = new ArrayList<>();
    private final List<Written> log = new ArrayList<>();
    private final List<CompletableFuture<Void>> barriers = new ArrayList<>();
    private int told;

    /** The topic as one instance sees it. */
    MarkBoard board() {
        return new MarkBoard() {
            @Override
            public CompletableFuture<Void> write(String key, byte @Nullable [] value) {
                log.add(new Written(key, Optional.ofNullable(value).map(Buffer::buffer)));
                return CompletableFuture.completedFuture(null);
            }

            @Override
            public CompletableFuture<Void> caughtUp() {
                CompletableFuture<Void> barrier = new CompletableFuture<>();
                barriers.add(barrier);
                return barrier;
            }
        };
    }

    void readBy(Marks marks) {
        readers.add(marks);
    }

    /** Everybody reads everything. */
    void deliver() {
        for (; told < log.size(); told++) {
            Written written = log.get(told);
            readers.forEach(reader -> tell(reader, written));
        }
        List<CompletableFuture<Void>> passed = List.copyOf(barriers);
        barriers.clear();
        passed.forEach(barrier -> barrier.complete(null));
    }

    /** Somebody starts, and reads all of it. */
    void replayTo(Marks marks) {
        log.forEach(written -> tell(marks, written));
    }

    private static void tell(Marks reader, Written written) {
        reader.told(written.key(), written.value().map(Buffer::getBytes).orElse(null));
    }
}
