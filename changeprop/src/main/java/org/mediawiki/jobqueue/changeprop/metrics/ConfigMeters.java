package org.mediawiki.jobqueue.changeprop.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Tags;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** What became of changes of the configuration. Told by one thread, read by scrapes. */
public final class ConfigMeters {

    private final Counter applied;
    private final Counter refused;
    private final AtomicLong isRefused;
    private final AtomicLong needsRestart;
    private final AtomicLong overrides;

    /** In milliseconds since 1970. */
    private final AtomicLong lastSuccess = new AtomicLong();

    ConfigMeters(Meters meters) {
        String reloads = "Changes of the file that were read, by what became of them.";
        this.applied = meters.counter("jobqueue.config.reloads", reloads, Tags.of("result", "applied"));
        this.refused = meters.counter("jobqueue.config.reloads", reloads, Tags.of("result", "refused"));
        this.isRefused = meters.level(
                "jobqueue.config.refused",
                "1 while the file is not valid and what it said before holds, else 0.",
                Tags.empty());
        this.needsRestart = meters.level(
                "jobqueue.config.restart.needed",
                "Keys of the file that have changed and need a restart of the process.",
                Tags.empty());
        this.overrides = meters.level("jobqueue.overrides", "Operators' overrides that are in force.", Tags.empty());
        meters.gauge(
                "jobqueue.config.last.success.timestamp.seconds",
                "When the file was last read and valid.",
                Tags.empty(),
                lastSuccess,
                millis -> millis.get() / (double) TimeUnit.SECONDS.toMillis(1));
    }

    /** The file was valid at the start. */
    public void started(Instant now) {
        lastSuccess.set(now.toEpochMilli());
    }

    /** A changed file is valid, and {@code keys} of it need a restart. */
    public void applied(Instant now, int keys) {
        applied.increment();
        lastSuccess.set(now.toEpochMilli());
        isRefused.set(0);
        needsRestart.set(keys);
    }

    /** A changed file is not valid. */
    public void refused() {
        refused.increment();
        isRefused.set(1);
    }

    /** So many overrides are in force. */
    public void overrides(int inForce) {
        overrides.set(inForce);
    }
}
