package org.mediawiki.jobqueue.changeprop.dead;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Where marks stand: a compacted topic that every instance reads whole. Any thread; nothing blocks. */
public interface MarkBoard {

    /** Completes when all in-sync replicas have it; null: nothing any more. Keys begin with {@link DeadJobs#MARKS}. */
    CompletableFuture<Void> write(String key, byte @Nullable [] value);

    /** Completes when {@link DeadJobs#told} has been called for everything that was written before. */
    CompletableFuture<Void> caughtUp();
}
