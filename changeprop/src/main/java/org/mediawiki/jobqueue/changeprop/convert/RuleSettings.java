package org.mediawiki.jobqueue.changeprop.convert;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * What a rule says of its jobs, in units of our own. What is absent is the legacy service's default, which is ours too,
 * but for {@code timeout}.
 *
 * @param concurrency jobs at once, of each consumer
 * @param abandonAfter drop jobs that are older
 * @param abandonRootAfter drop jobs whose root event is older
 * @param timeout of one request; absent: 7 minutes there
 * @param retryLimit retries
 * @param retryDelay wait before the first
 * @param retryFactor how many times longer each further wait is
 */
record RuleSettings(
        int concurrency,
        Optional<Duration> abandonAfter,
        Optional<Duration> abandonRootAfter,
        Optional<Duration> timeout,
        OptionalInt retryLimit,
        Optional<Duration> retryDelay,
        OptionalDouble retryFactor) {

    RuleSettings withConcurrency(int other) {
        return new RuleSettings(other, abandonAfter, abandonRootAfter, timeout, retryLimit, retryDelay, retryFactor);
    }

    /** With the settings of {@code rule}, read from a block of the legacy configuration. */
    static RuleSettings read(Block rule, int usualConcurrency) {
        RuleKeys keys = new RuleKeys(rule);
        RuleSettings settings = new RuleSettings(
                keys.positive("concurrency", usualConcurrency),
                keys.seconds("claim_ttl"),
                keys.seconds("root_claim_ttl"),
                keys.millis("timeout"),
                keys.retryLimit(),
                keys.millis("retry_delay"),
                keys.factor("retry_factor"));
        keys.tellOfTheOthers();
        return settings;
    }

    /** For a rule that says nothing of its own. */
    static RuleSettings usual(int concurrency) {
        return read(Block.root(Map.of(), new Findings()), concurrency);
    }
}
