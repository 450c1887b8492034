package org.mediawiki.jobqueue.changeprop.control;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.mediawiki.jobqueue.changeprop.bulletin.Bulletin;

/** What a {@link ControlTopic} needs of a bulletin. */
public interface Channel extends AutoCloseable {

    void start();

    /** As {@link Bulletin#caughtUp}. */
    CompletableFuture<Void> caughtUp();

    /** As {@link Bulletin#write}. */
    CompletableFuture<Void> write(String key, byte @Nullable [] value);

    @Override
    void close();

    /** The real one. */
    static Channel of(Bulletin bulletin) {
        return new Channel() {
            @Override
            public void start() {
                bulletin.start();
            }

            @Override
            public CompletableFuture<Void> caughtUp() {
                return bulletin.caughtUp();
            }

            @Override
            public CompletableFuture<Void> write(String key, byte @Nullable [] value) {
                return bulletin.write(key, value);
            }

            @Override
            public void close() {
                bulletin.close();
            }
        };
    }
}
