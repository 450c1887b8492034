package org.mediawiki.jobqueue.changeprop.dedupe;

import java.time.Duration;
import java.util.Optional;
import org.mediawiki.jobqueue.runner.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A circuit breaker: whether Redis is asked. After a failure it is open for a while; then it is half-open, and one check
 * goes out as a probe, whose end decides.
 *
 * <pre>
 *   closed ──failure──▶ open ──OPEN_FOR──▶ half-open: one probe ──success──▶ closed
 *                        ▲                      │
 *                        └───────failure────────┘
 * </pre>
 */
final class RedisBreaker {

    /** Longer than a check may take, so that none from before is under way when the probe is. */
    static final Duration OPEN_FOR = Duration.ofMillis(500);

    private static final Logger LOG = LoggerFactory.getLogger(RedisBreaker.class);

    private final Time time;
    private Optional<StoreTrouble> openBecause = Optional.empty();
    private long openedNanos;
    private boolean isProbing;

    RedisBreaker(Time time) {
        this.time = time;
    }

    /** Whether the caller may ask; whoever is told so while it is open is the probe, and it is half-open. */
    boolean admits() {
        if (openBecause.isEmpty()) {
            return true;
        }
        if (isProbing || time.nanos() - openedNanos < OPEN_FOR.toNanos()) {
            return false;
        }
        isProbing = true;
        return true;
    }

    /** Whether it is half-open: the one check is under way. */
    boolean isProbing() {
        return isProbing;
    }

    /** What opened it; empty where it is closed. */
    Optional<StoreTrouble> openBecause() {
        return openBecause;
    }

    /** Redis has answered. */
    void succeeded() {
        if (openBecause.isPresent()) {
            LOG.info("Redis answers again");
        }
        openBecause = Optional.empty();
        isProbing = false;
    }

    /** A check that was admitted has failed. */
    void failed(StoreTrouble why) {
        if (openBecause.isEmpty()) {
            LOG.warn("Redis is given a rest, only what this process has done itself is recognised: {}", why);
        }
        openBecause = Optional.of(why);
        openedNanos = time.nanos();
        isProbing = false;
    }
}
