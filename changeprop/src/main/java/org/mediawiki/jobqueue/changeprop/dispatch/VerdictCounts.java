package org.mediawiki.jobqueue.changeprop.dispatch;

import java.util.HashMap;
import java.util.Map;
import org.mediawiki.jobqueue.runner.Verdict;

/** How many attempts of each job type ended in which verdict since the start. Used on the lane's context. */
final class VerdictCounts {

    private final Map<String, Map<String, Long>> byType = new HashMap<>();

    void count(String type, Verdict verdict) {
        String name = verdict.match(done -> "done", retry -> "retry", dead -> "dead", hold -> "hold");
        byType.computeIfAbsent(type, ignored -> new HashMap<>()).merge(name, 1L, Long::sum);
    }

    /** By job type and verdict; what has not occurred is absent. A copy. */
    Map<String, Map<String, Long>> byType() {
        Map<String, Map<String, Long>> copy = new HashMap<>();
        byType.forEach((type, counts) -> copy.put(type, Map.copyOf(counts)));
        return copy;
    }
}
