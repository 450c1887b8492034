package org.mediawiki.jobqueue.changeprop.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The pool for every job type that no lane names. Its limits hold for all of them together. */
public record LowTrafficConfig(
        @Setting(
                value = "The most jobs of the pool that run at once, in the whole fleet: first attempts, retries and"
                        + " probes together.",
                byDefault = "50",
                min = 1,
                max = 100_000)
        int concurrency,

        @Setting(
                value = "The share of the pool that one job type may take while others wait; 1 is all of it.",
                byDefault = "0.6",
                min = 0.01,
                max = 1)
        double maxShare,

        @Setting(
                value = "The most jobs of one section that run at once, in the whole fleet (see `sections`);"
                        + " absent: no such limit.",
                min = 1,
                max = 100_000)
        @Nullable
        Integer perSection,

        @Setting(
                value = "The most jobs of one wiki that run at once, in the whole fleet; absent: no such limit.",
                min = 1,
                max = 100_000)
        @Nullable
        Integer perWiki,

        @Setting("The most jobs that start in a time, in the whole fleet; absent: no such limit.") @Nullable
        Rate rate,

        @Setting(
                value = "Goes first within its lane where the lane's limit is short; higher is sooner.",
                byDefault = "0",
                min = -1000,
                max = 1000)
        int priority,

        @Setting("How long one attempt may take; absent: the target's timeout.")
        Duration timeout,

        @Setting(value = "Retries; what is left out comes from the lane, then from the file.", byDefault = "{}")
        RetryConfig retry,

        @Setting(value = "Breaker; what is left out comes from the lane, then from the file.", byDefault = "{}")
        BreakerConfig breaker,

        @Setting("Jobs older than this are dropped and counted; absent: never.") @Nullable
        Duration abandonAfter,

        @Setting("Jobs whose root event is older than this are dropped and counted; absent: never.") @Nullable
        Duration abandonRootAfter,

        @Setting(value = "Whether duplicates are recognised and skipped.", byDefault = "true")
        boolean dedupe,

        @Setting(value = "Whether these jobs wait in Kafka until this is false again.", byDefault = "false")
        boolean paused) {

    /** The pool's settings in the shape that a job type with an entry of its own has. */
    public JobTypeConfig asJobType() {
        return new JobTypeConfig(
                concurrency,
                perSection,
                perWiki,
                rate,
                priority,
                timeout,
                retry,
                breaker,
                abandonAfter,
                abandonRootAfter,
                dedupe,
                paused,
                true);
    }

    /** The same with another limit. */
    public LowTrafficConfig withConcurrency(int value) {
        return RecordCopy.of(this).with("concurrency", value).make();
    }

    /** The same with another rate. */
    public LowTrafficConfig withRate(Rate value) {
        return RecordCopy.of(this).with("rate", value).make();
    }

    /** The same, paused or not. */
    public LowTrafficConfig withPaused(boolean value) {
        return RecordCopy.of(this).with("paused", value).make();
    }
}
