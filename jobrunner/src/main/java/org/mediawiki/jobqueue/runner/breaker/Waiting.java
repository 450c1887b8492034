package org.mediawiki.jobqueue.runner.breaker;

/** Those who wait behind a breaker or a hold. */
public interface Waiting {

    /**
     * Whether there is anybody, whatever else they may wait for; asked every few seconds at most. Who is paused does not count: a
     * pause may last for days, and whoever comes after it finds out.
     */
    boolean isAnybodyThere();

    /** Some of them may start, so they should be looked at again. */
    void lookAgain();
}
