package org.mediawiki.jobqueue.loadtest.measure;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.mediawiki.jobqueue.loadtest.report.Result.Check;
import org.mediawiki.jobqueue.loadtest.scenario.Disturbance;
import org.mediawiki.jobqueue.loadtest.scenario.EventSpec;
import org.mediawiki.jobqueue.loadtest.scenario.Scenario;

/** How soon work goes on after the runner could not be reached, or answered every job otherwise than usual (SPEC 4.7). Pure. */
final class Resumptions {

    /** A runner's rule with one of these keys is not for every job. */
    private static final Set<String> NARROWER = Set.of("type", "wiki", "id", "first_attempts", "times");

    private static final long NEVER = Long.MAX_VALUE;

    private final Scenario scenario;
    private final Seen seen;

    Resumptions(Scenario scenario, Seen seen) {
        this.scenario = scenario;
        this.seen = seen;
    }

    /** A check for each outage: every job type runs again so soon. */
    Stream<Check> within(Duration most) {
        return scenario.events().stream().filter(Resumptions::isOutage).map(event -> {
            long slowest = slowestNanos(seen.beginNanos() + event.end().toNanos());
            return new Check(
                    "every job type runs again within " + most.toMillis() + " ms of the outage that ends at "
                            + event.end().toSeconds() + " s",
                    slowest <= most.toNanos(),
                    slowest == NEVER ? "one never does" : TimeUnit.NANOSECONDS.toMillis(slowest) + " ms at the most");
        });
    }

    private static boolean isOutage(EventSpec event) {
        return event.what() instanceof Disturbance.Refuse
                || (event.what() instanceof Disturbance.Answer answer && isForAll(answer.rule()));
    }

    private static boolean isForAll(JsonNode rule) {
        return NARROWER.stream().noneMatch(rule::has);
    }

    /**
     * Of each job type the first job that begins after {@code end} and is done is the one that has waited longest; what came to
     * be due later has waited since then.
     */
    private long slowestNanos(long end) {
        Requests requests = seen.requests();
        Set<String> again = new HashSet<>();
        long slowest = 0;
        for (int row = 0; row < requests.size(); row++) {
            if (requests.start(row) >= end && requests.isDone(row) && again.add(requests.type(row))) {
                long since = Math.max(end, requests.book().fromNanos(requests.job(row)));
                slowest = Math.max(slowest, requests.start(row) - since);
            }
        }
        return again.containsAll(requests.types()) ? slowest : NEVER;
    }
}
