package org.mediawiki.jobqueue.changeprop.config;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A pool of job types with its own consumer group, HTTP pool and limits, aimed at one target. */
public record LaneConfig(
        @Setting("Name of the target that runs the lane's jobs; may be left out when there is only one target.")
        String target,

        @Setting(
                value = "Job types with limits of their own; everything a type leaves out has its default.",
                byDefault = "{}",
                form = TextForm.NAME)
        Map<String, JobTypeConfig> jobs,

        @Setting("The pool for every job type that no lane names; at most one lane has it. Where no lane does, the lane"
                + " `main` gets it with its defaults.")
        @Nullable
        LowTrafficConfig lowTraffic,

        @Setting(
                value = "Job types that the service leaves alone: neither consumed nor committed.",
                byDefault = "[]",
                form = TextForm.NAME)
        Set<String> exclude,

        @Setting(
                value = "The most jobs of the whole lane that run at once, in the whole fleet; absent: no limit but"
                        + " those of the job types.",
                min = 1,
                max = 100_000)
        @Nullable
        Integer concurrency,

        @Setting(
                "How long running jobs may finish when the process is stopped; absent: the key `drain_timeout` of the file."
                        + " Long for a lane whose jobs take hours.")
        @Nullable
        Duration drainTimeout,

        @Setting(
                value = "Retries of this lane's jobs; what is left out comes from the key `retry` of the file.",
                byDefault = "{}")
        RetryConfig retry,

        @Setting(
                value = "Breakers of this lane's target and job types; what is left out comes from the key `breaker` of"
                        + " the file.",
                byDefault = "{}")
        BreakerConfig breaker,

        @Setting(value = "Whether the lane's jobs wait in Kafka until this is false again.", byDefault = "false")
        boolean paused) {

    public LaneConfig {
        jobs = Ordered.copy(jobs);
        exclude = Ordered.copy(exclude);
    }

    /** The same, paused or not. */
    public LaneConfig withPaused(boolean value) {
        return RecordCopy.of(this).with("paused", value).make();
    }

    /** The same with another drain timeout; null: that of the file. */
    LaneConfig withDrainTimeout(@Nullable Duration value) {
        return RecordCopy.of(this).with("drainTimeout", value).make();
    }

    /** The same with other job types. */
    public LaneConfig withJobs(Map<String, JobTypeConfig> others) {
        return RecordCopy.of(this).with("jobs", others).make();
    }

    /** The same with another pool for every other job type. */
    public LaneConfig withLowTraffic(LowTrafficConfig other) {
        return RecordCopy.of(this).with("lowTraffic", other).make();
    }
}
