package org.mediawiki.jobqueue.changeprop.admin;

import io.vertx.core.Future;
import java.util.Optional;

/** How a part of the service, such as a lane, tells how it is. Asked on any thread. */
public interface Vitals {

    /** What people call it; no other part is called so. */
    String name();

    /** Why it is not healthy; empty where it is. */
    Future<Optional<String>> unhealthy();

    /** Why it is not ready; empty where it is. */
    Optional<String> unready();

    /**
     * Why it has not taken its place yet; empty where it has, and then for good: what befalls everybody, such as a target
     * that is down, is no reason. Rollouts go by it, and whether posts are sent here.
     */
    default Optional<String> notStarted() {
        return Optional.empty();
    }

    /** Makes what the part knows now what the next scrape reads. */
    Future<Void> refreshMetrics();
}
