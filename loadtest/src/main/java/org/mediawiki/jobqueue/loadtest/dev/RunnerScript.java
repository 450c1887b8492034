package org.mediawiki.jobqueue.loadtest.dev;

import static org.mediawiki.jobqueue.loadtest.standin.Behaviour.ok;
import static org.mediawiki.jobqueue.loadtest.standin.Behaviour.status;

import java.time.Duration;
import java.util.Map;
import org.mediawiki.jobqueue.loadtest.standin.Behaviour;
import org.mediawiki.jobqueue.loadtest.standin.JobMatch;
import org.mediawiki.jobqueue.loadtest.standin.Latency;
import org.mediawiki.jobqueue.loadtest.standin.RuleTable;

/**
 * How the stand-in runner of {@code dev} behaves: each type takes about as long as it does on a wiki, and a few jobs
 * fail, so that retries, holds and dead jobs can be seen.
 */
final class RunnerScript {

    private static final int OUT_OF = 1_000;
    private static final int FAIL_ONCE = 20;
    private static final int NEVER_SUCCEED = 3;
    private static final int ASK_FOR_PATIENCE = 2;

    private static final Latency ORDINARY = millis(20, 200);

    private static final Map<String, Latency> LATENCIES = Map.ofEntries(
            Map.entry("cdnPurge", millis(5, 30)),
            Map.entry("recentChangesUpdate", millis(10, 60)),
            Map.entry("htmlCacheUpdate", millis(30, 200)),
            Map.entry("categoryMembershipChange", millis(50, 300)),
            Map.entry("refreshLinks", millis(150, 1_200)),
            Map.entry("refreshLinksPrioritized", millis(150, 900)),
            Map.entry("deletePage", millis(200, 1_000)),
            Map.entry("renameUser", millis(300, 1_500)),
            Map.entry("ThumbnailRender", millis(300, 2_000)),
            Map.entry("PublishStashedFile", millis(500, 3_000)));

    private RunnerScript() {}

    /** The newest rule comes first, so the failures stand last. */
    static void applyTo(RuleTable rules) {
        rules.on(JobMatch.any()).answer(ok().after(ORDINARY));
        LATENCIES.forEach((type, latency) -> rules.on(JobMatch.type(type)).answer(ok().after(latency)));
        Behaviour failure = status(500).after(ORDINARY);
        rules.on(share(0, FAIL_ONCE).and(JobMatch.firstAttempts(1))).answer(failure);
        rules.on(share(FAIL_ONCE, NEVER_SUCCEED)).answer(failure);
        rules.on(share(FAIL_ONCE + NEVER_SUCCEED, ASK_FOR_PATIENCE).and(JobMatch.firstAttempts(1)))
                .answer(status(503).header("retry-after", "2"));
    }

    /** Always the same jobs, {@code share} of a thousand. */
    private static JobMatch share(int from, int share) {
        return request -> {
            int place = Math.floorMod(request.event().id().hashCode(), OUT_OF);
            return place >= from && place < from + share;
        };
    }

    private static Latency millis(int least, int most) {
        return Latency.between(Duration.ofMillis(least), Duration.ofMillis(most));
    }
}
