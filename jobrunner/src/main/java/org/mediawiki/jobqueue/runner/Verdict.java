package org.mediawiki.jobqueue.runner;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * What an attempt means for its job (SPEC section 5). Holds cost no attempt; every other verdict but {@link Done}
 * does.
 */
public sealed interface Verdict {

    /**
     * The job has run, or the runner says that it need not.
     *
     * @param status the HTTP status that said so: 2xx, or 412 for a job that the runner ignores
     */
    record Done(int status) implements Verdict {
        @Override
        public <R> R match(
                Function<Done, R> done, Function<Retry, R> retry, Function<Dead, R> dead, Function<Hold, R> hold) {
            return done.apply(this);
        }

        @Override
        public void accept(Consumer<Done> done, Consumer<Retry> retry, Consumer<Dead> dead, Consumer<Hold> hold) {
            done.accept(this);
        }
    }

    /** The attempt failed; the retry policy decides what follows. */
    record Retry(Failure failure) implements Verdict {
        @Override
        public <R> R match(
                Function<Done, R> done, Function<Retry, R> retry, Function<Dead, R> dead, Function<Hold, R> hold) {
            return retry.apply(this);
        }

        @Override
        public void accept(Consumer<Done> done, Consumer<Retry> retry, Consumer<Dead> dead, Consumer<Hold> hold) {
            retry.accept(this);
        }
    }

    /** No attempt will ever succeed: straight to the error topic. */
    record Dead(Failure failure) implements Verdict {
        @Override
        public <R> R match(
                Function<Done, R> done, Function<Retry, R> retry, Function<Dead, R> dead, Function<Hold, R> hold) {
            return dead.apply(this);
        }

        @Override
        public void accept(Consumer<Done> done, Consumer<Retry> retry, Consumer<Dead> dead, Consumer<Hold> hold) {
            dead.accept(this);
        }
    }

    /**
     * Not the job's fault: it waits, and so does everything else in the scope.
     *
     * @param scope whom the hold stops
     * @param time how long, from now
     * @param reason one line for people
     * @param another whether another job of the scope should try first when the hold is over: this one may be to blame
     */
    record Hold(Scope scope, Duration time, String reason, boolean another) implements Verdict {

        /** A hold after which the same job tries again. */
        public Hold(Scope scope, Duration time, String reason) {
            this(scope, time, reason, false);
        }

        @Override
        public <R> R match(
                Function<Done, R> done, Function<Retry, R> retry, Function<Dead, R> dead, Function<Hold, R> hold) {
            return hold.apply(this);
        }

        @Override
        public void accept(Consumer<Done> done, Consumer<Retry> retry, Consumer<Dead> dead, Consumer<Hold> hold) {
            hold.accept(this);
        }
    }

    /** Whom a hold stops. */
    enum Scope {
        /** The job alone, and not for any time: the target is there, but did not take its request. */
        JOB,
        /** Every job of the job's wiki: it is read-only, or not set up. */
        WIKI,
        /** Every job of the job's type: the runner asked for patience, or fails too many of them. */
        TYPE,
        /** Every job of the lane's target: it cannot be reached, or fails the jobs of several types. */
        TARGET
    }

    /** Handles every case; a new one does not compile until it is handled. */
    <R> R match(Function<Done, R> done, Function<Retry, R> retry, Function<Dead, R> dead, Function<Hold, R> hold);

    /** Handles every case; a new one does not compile until it is handled. */
    void accept(Consumer<Done> done, Consumer<Retry> retry, Consumer<Dead> dead, Consumer<Hold> hold);
}
