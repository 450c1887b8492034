package org.mediawiki.jobqueue.changeprop.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What is in force for one job type. Complete: what the type leaves out has come from its lane, the file, the target.
 *
 * @param fromPool no key of the file: whether all this is the low-traffic pool's but for what operators say of the type.
 *     Then its rule is the pool's too, though it may have a pool of its own
 */
public record JobTypeConfig(
        @Setting(
                value = "The most jobs of this type that run at once, in the whole fleet: first attempts, retries and"
                        + " probes together.",
                byDefault = "30",
                min = 1,
                max = 100_000)
        int concurrency,

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
        boolean paused,

        boolean fromPool) {

    /** The same with another limit. */
    public JobTypeConfig withConcurrency(int value) {
        return RecordCopy.of(this).with("concurrency", value).make();
    }

    /** The same with another rate. */
    public JobTypeConfig withRate(Rate value) {
        return RecordCopy.of(this).with("rate", value).make();
    }

    /** The same, paused or not. */
    public JobTypeConfig withPaused(boolean value) {
        return RecordCopy.of(this).with("paused", value).make();
    }
}
