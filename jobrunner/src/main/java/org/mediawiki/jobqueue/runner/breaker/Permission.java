package org.mediawiki.jobqueue.runner.breaker;

import java.time.Duration;
import org.mediawiki.jobqueue.runner.breaker.Finding.Told;

/**
 * A call's leave to be sent by one breaker; says once how it went. What comes after that, or in another phase of the
 * breaker, is ignored.
 */
final class Permission {

    private final Breaker breaker;
    private final long era;
    private final boolean probe;
    private final boolean quick;
    private boolean over;

    Permission(Breaker breaker, long era, boolean probe, boolean quick) {
        this.breaker = breaker;
        this.era = era;
        this.probe = probe;
        this.quick = quick;
    }

    boolean isProbe() {
        return probe;
    }

    /** Whether its answer is to be expected within the patience that a probe is given. */
    boolean isQuick() {
        return quick;
    }

    /** @return whether it counts */
    boolean succeeded() {
        boolean counts = tells();
        if (counts) {
            breaker.succeeded(this);
        }
        return counts;
    }

    /** @return whether it counts */
    boolean failed(Told why) {
        boolean counts = tells();
        if (counts) {
            breaker.failed(this, why);
        }
        return counts;
    }

    /** It failed so that nobody else need try for {@code rest}. */
    void failedAtOnce(Told why, Duration rest) {
        if (tells()) {
            breaker.failedAtOnce(why, rest);
        }
    }

    /** It says nothing of health: another may take its place. */
    void toldNothing() {
        if (tells()) {
            breaker.toldNothing(this);
        }
    }

    private boolean tells() {
        boolean tells = !over && breaker.isPresent(era);
        over = true;
        return tells;
    }
}
