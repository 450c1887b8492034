package org.mediawiki.jobqueue.changeprop.consume;

import java.time.Duration;
import org.mediawiki.jobqueue.runner.Time;

/** Whether a loop goes round, for health checks. Told by the poll thread, asked by any. */
final class LoopHealth {

    private final Time time;
    private volatile long lastTurnNanos;
    private volatile long lastPollNanos;
    private volatile boolean endedInOrder;

    LoopHealth(Time time) {
        this.time = time;
        this.lastTurnNanos = time.nanos();
        this.lastPollNanos = lastTurnNanos;
    }

    /** It came round, if only to a poll that failed. */
    void turned() {
        lastTurnNanos = time.nanos();
    }

    /** It came round, and nothing is wrong: a poll went well or, while it drains, what runs was waited for. */
    void wentWell() {
        turned();
        lastPollNanos = lastTurnNanos;
    }

    /** As it was asked to, after which it need not come round: another lane of its process may drain for hours. */
    void ended() {
        endedInOrder = true;
    }

    /** How long ago it last came round; zero once it has ended in order. */
    Duration sinceLastTurn() {
        return since(lastTurnNanos);
    }

    /** As {@link #sinceLastTurn}, but since a poll last went well. */
    Duration sinceLastPoll() {
        return since(lastPollNanos);
    }

    private Duration since(long nanos) {
        return endedInOrder ? Duration.ZERO : Duration.ofNanos(time.nanos() - nanos);
    }
}
