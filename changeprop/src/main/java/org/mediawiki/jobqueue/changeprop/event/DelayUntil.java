package org.mediawiki.jobqueue.changeprop.event;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** What a job's {@code delay_until} asks for. */
public sealed interface DelayUntil {

    /** Nothing, or its time has come. */
    record Due() implements DelayUntil {
        @Override
        public <R> R match(Supplier<R> due, Function<Instant, R> later, Function<String, R> unusable) {
            return due.get();
        }
    }

    /** The job must not start before {@code at}. */
    record Later(Instant at) implements DelayUntil {
        @Override
        public <R> R match(Supplier<R> due, Function<Instant, R> later, Function<String, R> unusable) {
            return later.apply(at);
        }
    }

    /** It cannot be meant as it stands there. */
    record Unusable(String reason) implements DelayUntil {
        @Override
        public <R> R match(Supplier<R> due, Function<Instant, R> later, Function<String, R> unusable) {
            return unusable.apply(reason);
        }
    }

    /** Reads it; farther ahead than {@code longest} is a mistake. */
    static DelayUntil of(JobEvent job, Instant now, Duration longest) {
        if (job.delayUntil().isEmpty()) {
            return new Due();
        }
        String text = job.delayUntil().get();
        Optional<Instant> at = Timestamps.parse(text);
        if (at.isEmpty()) {
            return new Unusable("delay_until is not an ISO 8601 date: " + shortened(text));
        }
        if (at.get().isAfter(now.plus(longest))) {
            return new Unusable("delay_until is more than " + longest + " ahead: " + shortened(text));
        }
        return at.get().isAfter(now) ? new Later(at.get()) : new Due();
    }

    /** Handles every case. */
    <R> R match(Supplier<R> due, Function<Instant, R> later, Function<String, R> unusable);

    private static String shortened(String text) {
        return text.length() > 64 ? text.substring(0, 64) + "…" : text;
    }
}
