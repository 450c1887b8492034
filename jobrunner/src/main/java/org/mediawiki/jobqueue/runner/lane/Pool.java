package org.mediawiki.jobqueue.runner.lane;

import org.jspecify.annotations.Nullable;

/**
 * A limit and the job types that share it. Free slots go round the types; one that holds more than its share gets
 * another only when nobody below the share could use it (SPEC guarantees 4 and 6).
 */
final class Pool implements Turns.Member {

    private final PoolSettings settings;
    private final Turns<TypeQueue> turns = new Turns<>();
    private int running;

    Pool(PoolSettings settings) {
        this.settings = settings;
    }

    PoolSettings settings() {
        return settings;
    }

    @Override
    public boolean ready() {
        return running < settings.concurrency() && turns.peek() != null;
    }

    void join(TypeQueue type) {
        turns.join(type);
    }

    /** The next task; only when {@linkplain #ready() ready}. */
    Task take() {
        TypeQueue type = nextType();
        turns.used(type);
        running++;
        return type.take();
    }

    void finished() {
        running--;
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
