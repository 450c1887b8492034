package org.mediawiki.jobqueue.changeprop.app;

import java.net.URI;
import java.time.InstantSource;
import java.util.Optional;
import org.mediawiki.jobqueue.runner.Attempt;
import org.mediawiki.jobqueue.runner.Verdict;
import org.mediawiki.jobqueue.runner.http.TargetSettings;
import org.mediawiki.jobqueue.runner.http.TargetSettings.Protocol;
import org.mediawiki.jobqueue.runner.verdict.RestVerdicts;
import org.mediawiki.jobqueue.runner.verdict.Verdicts;

/**
 * Says what attempts mean, by the lane's form of the moment. What a target has accepted is remembered for as long as the
 * lane's jobs go there, whatever else changes. On the lane's context.
 */
final class LaneVerdicts {

    private final InstantSource clock;
    private URI uri;
    private Verdicts verdicts;

    /** Where the target speaks {@code rest}. */
    private Optional<RestVerdicts> rest;

    LaneVerdicts(LaneForm form, InstantSource clock) {
        this.clock = clock;
        this.uri = form.target().uri();
        this.verdicts = verdicts(form);
        this.rest = rest(form.target(), Optional.empty(), verdicts);
    }

    /** From here on. */
    void follow(LaneForm next) {
        TargetSettings target = next.target();
        Optional<RestVerdicts> ofSame = target.uri().equals(uri) ? rest : Optional.empty();
        uri = target.uri();
        verdicts = verdicts(next);
        rest = rest(target, ofSame, verdicts);
    }

    /** What the attempt means for its job. */
    Verdict judge(Attempt attempt) {
        return rest.map(ofRest -> ofRest.judge(attempt)).orElseGet(() -> verdicts.judge(attempt));
    }

    private Verdicts verdicts(LaneForm form) {
        return new Verdicts(form.readonlyHold(), Verdicts.DEFAULT_UNREACHABLE_HOLD, clock);
    }

    private static Optional<RestVerdicts> rest(
            TargetSettings target, Optional<RestVerdicts> before, Verdicts verdicts) {
        return target.requests().protocol() == Protocol.REST
                ? Optional.of(before.map(same -> same.with(verdicts)).orElseGet(() -> new RestVerdicts(verdicts)))
                : Optional.empty();
    }
}
