package org.mediawiki.jobqueue.runner.lane;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.mediawiki.jobqueue.runner.Time;

/**
 * Limits and the job types that share them. Free slots go round the types; one that holds more than its share gets
 * another only when nobody below the share could use it (SPEC guarantees 4 and 6).
 */
final class Pool implements RoundRobin.Member {

    private final PoolSettings settings;
    private final Time time;
    private final Consumer<Pool> onAdmitting;
    private final StartRateLimiter rateLimiter;
    private final SharedLimits sections;
    private final SharedLimits wikis;
    private final RoundRobin<TypeQueue> turns = new RoundRobin<>();
    private Time.Cancellation nextStart = Time.Cancellation.NONE;
    private int running;

    /**
     * @param rateLimiter that of the settings
     * @param onAdmitting is told when a wait for the pace is over
     */
    Pool(PoolSettings settings, StartRateLimiter rateLimiter, Time time, Consumer<Pool> onAdmitting) {
        this.settings = settings;
        this.time = time;
        this.onAdmitting = onAdmitting;
        this.rateLimiter = rateLimiter;
        this.sections = new SharedLimits(settings.finer().perSection());
        this.wikis = new SharedLimits(settings.finer().perWiki());
    }

    PoolSettings settings() {
        return settings;
    }

    StartRateLimiter rateLimiter() {
        return rateLimiter;
    }

    SharedLimits sections() {
        return sections;
    }

    SharedLimits wikis() {
        return wikis;
    }

    @Override
    public boolean ready() {
        return running < settings.concurrency() && rateLimiter.admits(time) && turns.peek() != null;
    }

    void join(TypeQueue type) {
        turns.join(type);
    }

    /** The next task, with its slots taken; only when {@linkplain #ready() ready}. Its turn is not used up. */
    Ticket take() {
        TypeQueue type = nextType();
        running++;
        return type.take();
    }

    /** A task of {@code type} that was taken is sent. */
    void started(TypeQueue type) {
        turns.used(type);
        rateLimiter.started(time);
        awaitRate();
    }

    /** Whoever waits hears of it when the pace admits the next. */
    void awaitRate() {
        if (!rateLimiter.admits(time)) {
            nextStart.cancel();
            nextStart = time.after(rateLimiter.untilNext(time), () -> onAdmitting.accept(this));
        }
    }

    /** Jobs that were not {@linkplain #take taken} here take their slots, free or not. */
    void occupy(int jobs) {
        running += jobs;
    }

    void finished() {
        running--;
    }

    void dispose() {
        nextStart.cancel();
    }

    private TypeQueue nextType() {
        TypeQueue first = ready(turns.peek());
        TypeQueue candidate = first;
        for (int rest = turns.size(); rest > 1 && candidate.running() >= settings.share(); rest--) {
            turns.used(candidate);
            candidate = ready(turns.peek());
        }
        return candidate.running() < settings.share() ? candidate : first;
    }

    private static TypeQueue ready(@Nullable TypeQueue type) {
        if (type == null) {
            throw new IllegalStateException("asked for a task where none is ready");
        }
        return type;
    }
}
