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
    record Done(int status) implements Verdict {}

    /** The attempt failed; the retry policy decides what follows. */
    record Retry(Failure failure) implements Verdict {}

    /** No attempt will ever succeed: straight to the error topic. */
    record Dead(Failure failure) implements Verdict {}

    /**
     * Not the job's fault: it waits, and so does everything else in the scope.
     *
     * @param scope whom the hold stops
     * @param time how long, from now
     * @param reason one line for people
     */
    record Hold(Scope scope, Duration time, String reason) implements Verdict {}

    /** Whom a hold stops. */
    enum Scope {
        /** Every job of the job's wiki: it is read-only. */
        WIKI,
        /** Every job of the job's type: the runner asked for patience. */
        TYPE,
        /** Every job of the lane's target: it cannot be reached. */
        TARGET
    }

    /** Handles every case; a new one does not compile until it is handled. */
    default <R> R match(
            Function<Done, R> done, Function<Retry, R> retry, Function<Dead, R> dead, Function<Hold, R> hold) {
        if (this instanceof Done d) {
            return done.apply(d);
        } else if (this instanceof Retry r) {
            return retry.apply(r);
        } else if (this instanceof Dead d) {
            return dead.apply(d);
        } else {
            return hold.apply((Hold) this);
        }
    }

    /** Handles every case; a new one does not compile until it is handled. */
    default void accept(Consumer<Done> done, Consumer<Retry> retry, Consumer<Dead> dead, Consumer<Hold> hold) {
        if (this instanceof Done d) {
            done.accept(d);
        } else if (this instanceof Retry r) {
            retry.accept(r);
        } else if (this instanceof Dead d) {
            dead.accept(d);
        } else {
            hold.accept((Hold) this);
        }
    }
}
