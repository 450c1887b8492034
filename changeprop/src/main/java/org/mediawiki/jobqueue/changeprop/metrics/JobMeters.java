package org.mediawiki.jobqueue.changeprop.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.mediawiki.jobqueue.runner.Verdict;

/** The meters of one job type. Any thread. */
public final class JobMeters {

    private static final int LOWEST_STATUS = 100;
    private static final int HIGHEST_STATUS = 599;

    private final Meters meters;
    private final Tags tags;
    private final DistributionSummary processing;
    private final DistributionSummary retryProcessing;
    private final DistributionSummary delay;
    private final DistributionSummary retryDelay;
    private final DistributionSummary totalDelay;
    private final AtomicLong dequeued;
    private final AtomicLong abandoned;
    private final AtomicLong deduplicated;
    private final Map<VerdictLabel, Counter> verdicts = new ConcurrentHashMap<>();
    private final Map<Enum<?>, Counter> skipped = new ConcurrentHashMap<>();

    JobMeters(Meters meters, Tags tags, Tags legacy) {
        this.meters = meters;
        this.tags = tags;
        this.processing =
                meters.summary("cpjobqueue_normal_rule_processing", "Seconds that first attempts took.", legacy);
        this.retryProcessing = meters.summary("cpjobqueue_retry_rule_processing", "Seconds that retries took.", legacy);
        this.delay = meters.delays(
                "cpjobqueue_normal_rule_processing_delay",
                "Seconds from the event's creation to the start of its first attempt.",
                legacy);
        this.retryDelay = meters.delays(
                "cpjobqueue_retry_rule_processing_delay",
                "Seconds from the failure of an attempt to the start of its retry.",
                legacy);
        this.totalDelay = meters.delays(
                "cpjobqueue_normal_rule_processing_total_delay",
                "Seconds from the root event to the start of the first attempt.",
                legacy);
        this.dequeued = meters.level("cpjobqueue_dequeue", "Events taken from Kafka.", legacy);
        this.abandoned = meters.level("cpjobqueue_abandon", "Jobs not run because of their age.", legacy);
        this.deduplicated = meters.level("cpjobqueue_dedupe", "Jobs not run because they were duplicates.", legacy);
    }

    private record VerdictLabel(String verdict, String status) {}

    public void dequeued() {
        dequeued.incrementAndGet();
    }

    public void abandoned() {
        abandoned.incrementAndGet();
    }

    public void deduplicated() {
        deduplicated.incrementAndGet();
    }

    /** A record needed no work; {@code reason} is of a closed set. */
    public void skipped(Enum<?> reason) {
        skipped.computeIfAbsent(
                        reason,
                        r -> meters.counter(
                                "jobqueue.records.skipped",
                                "Records that needed no work.",
                                tags.and("reason", EnumLabel.of(r))))
                .increment();
    }

    /** A first attempt starts, so long after the event was created. */
    public void started(Duration sinceCreated) {
        delay.record(seconds(sinceCreated));
    }

    /** A first attempt starts, so long after the root event. */
    public void startedAfterRoot(Duration sinceRoot) {
        totalDelay.record(seconds(sinceRoot));
    }

    /** A retry starts, so long after the attempt before failed. */
    public void retryStarted(Duration sinceFailure) {
        retryDelay.record(seconds(sinceFailure));
    }

    /** An attempt is over. */
    public void finished(boolean retry, Duration took, Verdict verdict) {
        (retry ? retryProcessing : processing).record(seconds(took));
        verdicts.computeIfAbsent(label(verdict), this::verdictCounter).increment();
    }

    private Counter verdictCounter(VerdictLabel label) {
        return meters.counter(
                "jobqueue.verdicts",
                "Attempts judged, by verdict and by the HTTP status or what stood in its place.",
                tags.and("verdict", label.verdict(), "status", label.status()));
    }

    private static VerdictLabel label(Verdict verdict) {
        return verdict.match(
                done -> new VerdictLabel("done", status(done.status())),
                retry -> new VerdictLabel("retry", status(retry.failure().status())),
                dead -> new VerdictLabel("dead", status(dead.failure().status())),
                hold -> new VerdictLabel("hold", EnumLabel.of(hold.scope())));
    }

    /** Those of HTTP (RFC 9110, section 15); a runner may make up any other number, and these share one series. */
    private static String status(int status) {
        return status >= LOWEST_STATUS && status <= HIGHEST_STATUS ? Integer.toString(status) : BoundedLabel.OTHER;
    }

    /** Not by way of nanoseconds: an event may give a date so far away that they overflow. */
    private static double seconds(Duration duration) {
        double nanosOfSecond = duration.getNano();
        return Math.max(0, duration.getSeconds() + nanosOfSecond / TimeUnit.SECONDS.toNanos(1));
    }
}
