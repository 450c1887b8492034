package org.mediawiki.jobqueue.changeprop.config;

import java.time.Duration;

/** Retries of failed jobs (SPEC section 5). With the defaults: after 1 minute, after 6 more, then dead. */
public record RetryConfig(
        @Setting(
                value = "How often a failed job is tried again before it is dead; 0: never.",
                byDefault = "2",
                min = 0,
                max = 100)
        int limit,

        @Setting(value = "Wait before the first retry.", byDefault = "60s", min = 0)
        Duration delay,

        @Setting(value = "Each further wait is this many times the one before.", byDefault = "6", min = 1, max = 100)
        double factor) {}
