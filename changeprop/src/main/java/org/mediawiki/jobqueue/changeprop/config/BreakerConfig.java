package org.mediawiki.jobqueue.changeprop.config;

import java.time.Duration;

/**
 * When sending stops because too much fails, and how it resumes (SPEC section 5, resilience4j). The defaults are made
 * for guarantee 7, work within 5 s of the target's return: a breaker looks again every 3 s.
 */
public record BreakerConfig(
        @Setting(
                value = "The share of failed calls in the window at which the breaker opens; 0.5 is one half.",
                byDefault = "0.5",
                min = 0.01,
                max = 1)
        double failureRate,

        @Setting(
                value = "How far back calls count. A time and not a number of calls, since job types differ in"
                        + " throughput by four orders of magnitude; whole seconds, rounded up. One of more than two minutes"
                        + " forgets in 120 steps.",
                byDefault = "60s")
        Duration window,

        @Setting(
                value =
                        "So many calls must be in the window before their share counts. So many failures in a row open the"
                                + " breaker whatever the window holds; one job that finds no connection opens the target's at once.",
                byDefault = "20",
                min = 1,
                max = 100_000)
        int minimumCalls,

        @Setting(value = "How long an open breaker waits before it lets probes through.", byDefault = "3s")
        Duration openFor,

        @Setting(
                value = "How many jobs are sent to find out whether the target is back; inside the limits.",
                byDefault = "3",
                min = 1,
                max = 1000)
        int probes) {}
