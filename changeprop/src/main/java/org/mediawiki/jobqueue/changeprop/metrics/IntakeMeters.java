package org.mediawiki.jobqueue.changeprop.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.mediawiki.jobqueue.changeprop.intake.IntakeListener;

/**
 * The meters of the intake. Told on its context. Refusals that alerts tell of are there from the start: a counter that
 * appears with its first event has no rate for it.
 */
final class IntakeMeters implements IntakeListener {

    private static final double[] BUCKETS = {0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};
    private static final int[] REFUSALS = {400, 401, 403, 408, 413, 415, 500, 503};

    private final Meters meters;
    private final Map<Integer, Counter> requests = new HashMap<>();
    private final DistributionSummary seconds;
    private final Counter accepted;
    private final Counter invalid;
    private final Counter error;
    private final AtomicLong connections;
    private final AtomicLong inHand;
    private final AtomicLong waiting;

    IntakeMeters(Meters meters) {
        this.meters = meters;
        for (int status : REFUSALS) {
            requests.put(status, requests(status));
        }
        this.seconds = meters.summary(
                "jobqueue.intake.request.seconds", "From a request's head to its answer.", Tags.empty(), BUCKETS);
        this.accepted = events("accepted");
        this.invalid = events("invalid");
        this.error = events("error");
        this.connections = meters.level("jobqueue.intake.connections", "Connections that are open.", Tags.empty());
        this.inHand = meters.level(
                "jobqueue.intake.in.hand.bytes", "Bytes of posts being read, examined or written.", Tags.empty());
        this.waiting =
                meters.level("jobqueue.intake.waiting", "Posts that wait until fewer bytes are in hand.", Tags.empty());
    }

    @Override
    public void answered(int status, Duration took) {
        requests.computeIfAbsent(status, this::requests).increment();
        seconds.record(took.toNanos() / (double) TimeUnit.SECONDS.toNanos(1));
    }

    @Override
    public void judged(int acceptedEvents, int invalidEvents, int errorEvents) {
        accepted.increment(acceptedEvents);
        invalid.increment(invalidEvents);
        error.increment(errorEvents);
    }

    @Override
    public void connections(int open) {
        connections.set(open);
    }

    @Override
    public void inHand(long bytes, int posts) {
        inHand.set(bytes);
        waiting.set(posts);
    }

    private Counter requests(int status) {
        return meters.counter(
                "jobqueue.intake.requests",
                "Requests, by what they were answered.",
                Tags.of("status", Integer.toString(status)));
    }

    private Counter events(String outcome) {
        return meters.counter(
                "jobqueue.intake.events", "Posted events, by what became of them.", Tags.of("outcome", outcome));
    }
}
