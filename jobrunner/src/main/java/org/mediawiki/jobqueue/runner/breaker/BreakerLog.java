package org.mediawiki.jobqueue.runner.breaker;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import org.mediawiki.jobqueue.runner.LogFields;
import org.mediawiki.jobqueue.runner.Time;
import org.mediawiki.jobqueue.runner.breaker.BreakerState.FailureKind;
import org.mediawiki.jobqueue.runner.breaker.BreakerState.Phase;
import org.mediawiki.jobqueue.runner.breaker.BreakerState.Trigger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What people are told of one breaker, in the log and as a {@link BreakerState}. */
final class BreakerLog {

    /** While nothing is well again, the log says so as often as that. */
    static final Duration REMINDER = Duration.ofMinutes(1);

    private static final Logger LOG = LoggerFactory.getLogger(Breaker.class);

    private final String what;
    private final Time time;
    private final LastErrors lastErrors = new LastErrors();
    private final Map<Trigger, Long> openings = new EnumMap<>(Trigger.class);
    private final Map<FailureKind, Long> failures = new EnumMap<>(FailureKind.class);
    private Phase phase = Phase.CLOSED;
    private String reason = "";
    private Instant since;
    private Instant notWellSince;
    private Instant saidAt;

    BreakerLog(String what, Time time) {
        this.what = what;
        this.time = time;
        this.since = time.instant();
        this.notWellSince = since;
        this.saidAt = since;
    }

    /** A call has failed, and counts. */
    void failed(Finding.Told why) {
        lastErrors.add(time.instant(), why);
        failures.merge(FailureKind.of(why.status()), 1L, Long::sum);
    }

    void opened(Trigger trigger, String why) {
        reason = why;
        openings.merge(trigger, 1L, Long::sum);
        if (phase == Phase.CLOSED) {
            notWellSince = time.instant();
            saidAt = notWellSince;
            fields("breaker_opened").around(() -> LOG.warn("Jobs of {} wait, the breaker is open: {}", what, why));
        } else {
            stillNotWell(why);
        }
        become(Phase.OPEN);
    }

    /** Nothing has got better. */
    void stillNotWell(String why) {
        Instant now = time.instant();
        reason = why;
        if (!saidAt.plus(REMINDER).isAfter(now)) {
            saidAt = now;
            fields("breaker_still_open")
                    .around(() -> LOG.warn(
                            "Jobs of {} still wait after {} s: {}; of the last failures: {}",
                            what,
                            notWellFor(),
                            why,
                            lastErrors));
        }
    }

    void probing() {
        become(Phase.HALF_OPEN);
    }

    void closed() {
        become(Phase.CLOSED);
        fields("breaker_closed").around(() -> LOG.info("Jobs of {} go on after {} s", what, notWellFor()));
    }

    private LogFields fields(String action) {
        return LogFields.of(action).with("jobqueue.breaker", what);
    }

    String reason() {
        return reason;
    }

    BreakerState state() {
        return new BreakerState(phase, reason, since, lastErrors.all(), openings, failures);
    }

    private long notWellFor() {
        return Duration.between(notWellSince, time.instant()).toSeconds();
    }

    private void become(Phase next) {
        phase = next;
        since = time.instant();
    }
}
