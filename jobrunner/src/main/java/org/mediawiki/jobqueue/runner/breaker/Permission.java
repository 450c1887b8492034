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
    private boolean over;

    Permission(Breaker breaker, long era, boolean probe) {
        this.breaker = breaker;
        this.era = era;
        this.probe = probe;
    }

    boolean isProbe() {
        return probe;
    }

    /** @return whether it counts */
    boolean succeeded() {
        boolean counts = tells();
        if (counts) {
            breaker.succeeded(probe);
        }
        return counts;
    }

    /** @return whether it counts */
    boolean failed(Told why) {
        boolean counts = tells();
        if (counts) {
            breaker.failed(why, probe);
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
            breaker.toldNothing(probe);
        }
    }

    private boolean tells() {
        boolean tells = !over && breaker.isPresent(era);
        over = true;
        if (tells && probe) {
            breaker.probeTold();
        }
        return tells;
    }
}
