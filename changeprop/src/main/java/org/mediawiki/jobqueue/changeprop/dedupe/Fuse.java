package org.mediawiki.jobqueue.changeprop.dedupe;

import java.time.Duration;
import java.util.Optional;
import org.mediawiki.jobqueue.runner.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether Redis is asked. After a failure it is not for a while; then one check goes out as a probe, and how that ends
 * decides.
 *
 * <pre>
 *   whole ──failure──▶ blown ──PAUSE──▶ one probe ──success──▶ whole
 *                        ▲                  │
 *                        └──────failure─────┘
 * </pre>
 */
final class Fuse {

    /** Longer than a check may take, so that none from before is under way when the probe is. */
    static final Duration PAUSE = Duration.ofMillis(500);

    private static final Logger LOG = LoggerFactory.getLogger(Fuse.class);

    private final Time time;
    private Optional<StoreTrouble> blownBy = Optional.empty();
    private long blownNanos;
    private boolean isProbing;

    Fuse(Time time) {
        this.time = time;
    }

    /** Whether the caller may ask; whoever is told so while the fuse is blown is the probe. */
    boolean admits() {
        if (blownBy.isEmpty()) {
            return true;
        }
        if (isProbing || time.nanos() - blownNanos < PAUSE.toNanos()) {
            return false;
        }
        isProbing = true;
        return true;
    }

    /** Whether the one check is under way that a blown fuse lets through. */
    boolean isProbing() {
        return isProbing;
    }

    /** What it was blown by; empty where it is whole. */
    Optional<StoreTrouble> blownBy() {
        return blownBy;
    }

    /** Redis has answered. */
    void mend() {
        if (blownBy.isPresent()) {
            LOG.info("Redis answers again");
        }
        blownBy = Optional.empty();
        isProbing = false;
    }

    /** A check that was admitted has failed. */
    void blow(StoreTrouble why) {
        if (blownBy.isEmpty()) {
            LOG.warn("Redis is given a rest, only what this process has done itself is recognised: {}", why);
        }
        blownBy = Optional.of(why);
        blownNanos = time.nanos();
        isProbing = false;
    }
}
