package org.mediawiki.jobqueue.runner.breaker;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.mediawiki.jobqueue.runner.Time;

/**
 * The breakers of one lane: one for its target, one for each job type. Once a second it looks for calls that have had
 * no answer for too long, while any is under way.
 */
public final class Breakers {

    private static final Duration WATCH_INTERVAL = Duration.ofSeconds(1);

    private final Time time;
    private final TargetBreaker target;
    private final Map<String, TypeBreaker> types = new HashMap<>();
    private boolean disposed;
    private boolean watching;
    private Time.Cancellation watch = Time.Cancellation.NONE;

    /**
     * @param lane the lane's name, for the log
     * @param settings the target's
     * @param waiting whoever waits in the lane
     */
    public Breakers(String lane, BreakerSettings settings, Time time, Waiting waiting) {
        this.time = time;
        this.target = new TargetBreaker("the target of lane " + lane, settings, time, waiting);
    }

    /**
     * A new breaker for a job type that has none.
     *
     * @param waiting the jobs of the type that wait
     */
    public TypeBreaker ofType(String type, BreakerSettings settings, Waiting waiting) {
        TypeBreaker breaker = new TypeBreaker(type, settings, target, time, waiting);
        types.put(type, breaker);
        return breaker;
    }

    /** Other settings of the target's breaker from here on; where they are as before, nothing happens. */
    public void reconfigure(BreakerSettings settings) {
        target.reconfigure(settings);
    }

    /** Whether anything may be sent, as far as the target's breaker goes. */
    public boolean targetAdmits() {
        return target.admits();
    }

    /** A job is sent, with this timeout; only when the breaker of its type and the target's admit it. */
    public Call enter(TypeBreaker type, Duration timeout) {
        if (!watching && !disposed) {
            watching = true;
            watch = time.after(WATCH_INTERVAL, this::look);
        }
        return type.enter(timeout);
    }

    public BreakerState target() {
        return target.state();
    }

    /** Tells {@code each} the state of the breaker of every job type that was seen. */
    public void types(BiConsumer<String, BreakerState> each) {
        types.forEach((type, breaker) -> each.accept(type, breaker.state()));
    }

    /** Stops all timers for good. Attempts of which it is not clear whether they count are told that they do not. */
    public void dispose() {
        disposed = true;
        watch.cancel();
        types.values().forEach(TypeBreaker::dispose);
        target.dispose();
    }

    private void look() {
        try {
            // A copy: what opens tells tasks, and they may bring in new types.
            List.copyOf(types.values()).forEach(TypeBreaker::watch);
        } finally {
            // Whatever a task has thrown, and is logged by whoever runs timers: others may hang yet.
            watching = !disposed && types.values().stream().anyMatch(TypeBreaker::hasUnanswered);
            if (watching) {
                watch = time.after(WATCH_INTERVAL, this::look);
            }
        }
    }
}
