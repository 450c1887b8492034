package org.mediawiki.jobqueue.loadtest.measure;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.mediawiki.jobqueue.loadtest.report.Result.Check;
import org.mediawiki.jobqueue.loadtest.scenario.Disturbance;
import org.mediawiki.jobqueue.loadtest.scenario.EventSpec;

/** How soon work goes on after the runner could not be reached, or answered every job otherwise than usual (SPEC 4.7). Pure. */
final class Resumptions {

    /** A runner's rule with one of these keys is not for every job. */
    private static final Set<String> NARROWER = Set.of("type", "wiki", "id", "first_attempts", "times");

    private static final long NEVER = Long.MAX_VALUE;

    private final Seen seen;

    Resumptions(Seen seen) {
        this.seen = seen;
    }

    /** A check for each outage: every job type runs again so soon. */
    Stream<Check> within(Duration most) {
        return seen.events().stream().filter(Resumptions::isOutage).map(event -> {
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
     * From {@code end} to the first request of each job type that begins thereafter and is done. Where none of the type's
     * jobs waited then, from when the next came to be due, whichever of them is the first to begin.
     */
    private long slowestNanos(long end) {
        Requests requests = seen.requests();
        Map<String, Long> since = waitingSince(end);
        Set<String> again = new HashSet<>();
        long slowest = 0;
        for (int row = 0; row < requests.size(); row++) {
            String type = requests.type(row);
            if (requests.start(row) >= end && requests.isDone(row) && again.add(type)) {
                slowest = Math.max(slowest, requests.start(row) - Math.max(end, since.getOrDefault(type, end)));
            }
        }
        return again.containsAll(requests.types()) ? slowest : NEVER;
    }

    /** By job type, when the first came to be due of the jobs that nobody had begun and done before {@code end}. */
    private Map<String, Long> waitingSince(long end) {
        Requests requests = seen.requests();
        BitSet begunBefore = new BitSet();
        for (int row = 0; row < requests.size(); row++) {
            if (requests.isDone(row) && requests.start(row) < end) {
                begunBefore.set(requests.job(row));
            }
        }
        Map<String, Long> since = new HashMap<>();
        for (int row = 0; row < requests.size(); row++) {
            if (!begunBefore.get(requests.job(row))) {
                since.merge(requests.type(row), requests.book().fromNanos(requests.job(row)), Long::min);
            }
        }
        return since;
    }
}
