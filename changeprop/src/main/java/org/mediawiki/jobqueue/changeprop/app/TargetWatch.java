package org.mediawiki.jobqueue.changeprop.app;

import java.time.Duration;
import java.util.Optional;
import org.mediawiki.jobqueue.runner.Target;
import org.mediawiki.jobqueue.runner.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks for the target until it was reached once: part of readiness (SPEC section 8). Looks on the lane's context; its answers may be read on any
 * thread.
 */
final class TargetWatch {

    private static final Duration INTERVAL = Duration.ofSeconds(2);
    private static final Logger LOG = LoggerFactory.getLogger(TargetWatch.class);

    private final String name;
    private final Target target;
    private final Time time;
    private Time.Cancellation timer = Time.Cancellation.NONE;

    /** Written on the lane's context, read by readiness checks. */
    private volatile boolean reached;

    private volatile String lastObstacle = "";

    TargetWatch(String name, Target target, Time time) {
        this.name = name;
        this.target = target;
        this.time = time;
    }

    void look() {
        target.obstacle().onSuccess(this::seen);
    }

    boolean wasReached() {
        return reached;
    }

    /** What stood in the way last; empty where nothing did. */
    String lastObstacle() {
        return lastObstacle;
    }

    void stop() {
        timer.cancel();
    }

    private void seen(Optional<String> obstacle) {
        if (obstacle.isEmpty()) {
            reached = true;
            LOG.info("Target {} can be reached", name);
            return;
        }
        if (!obstacle.get().equals(lastObstacle)) {
            LOG.error("Target {} cannot be reached, jobs wait: {}", name, obstacle.get());
            lastObstacle = obstacle.get();
        }
        timer = time.after(INTERVAL, this::look);
    }
}
