package org.mediawiki.jobqueue.changeprop.convert;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.mediawiki.jobqueue.changeprop.convert.Difference.Kind;

/**
 * The keys of one rule, read as the legacy service reads them ({@code lib/rule.js}, {@code lib/base_executor.js}): a
 * number of 0 counts as absent there.
 */
final class RuleKeys {

    /** What the legacy service puts in place of a {@code retry_limit} of 0, and of none. */
    private static final int USUAL_RETRIES = 2;

    private static final long USUAL_REENQUEUE_SECONDS = 20;

    private final Block rule;

    RuleKeys(Block rule) {
        this.rule = rule;
    }

    int positive(String key, int byDefault) {
        return (int) present(key).orElse(byDefault);
    }

    Optional<Duration> seconds(String key) {
        OptionalDouble seconds = present(key);
        return seconds.isPresent()
                ? Optional.of(Duration.ofMillis(Math.round(seconds.getAsDouble() * 1000)))
                : Optional.empty();
    }

    Optional<Duration> millis(String key) {
        OptionalDouble millis = present(key);
        return millis.isPresent() ? Optional.of(Duration.ofMillis(Math.round(millis.getAsDouble()))) : Optional.empty();
    }

    OptionalDouble factor(String key) {
        return present(key);
    }

    /** The trap of the legacy service: nobody who writes 0 gets none. */
    OptionalInt retryLimit() {
        OptionalDouble limit = rule.number("retry_limit", 0);
        if (limit.isPresent() && limit.getAsDouble() == 0) {
            rule.findings()
                    .tell(
                            Kind.ACT,
                            rule.at("retry_limit"),
                            "0 means 2 retries there; the output keeps the 2. If none was meant, write retry: {limit: 0}.");
            return OptionalInt.of(USUAL_RETRIES);
        }
        return limit.isPresent() ? OptionalInt.of((int) limit.getAsDouble()) : OptionalInt.empty();
    }

    /** Those of a rule that have no counterpart, or none that can be written. */
    void tellOfTheOthers() {
        rule.pass(
                Kind.DIFFERS,
                "consumer",
                "Kafka properties of this rule's own consumer; here one consumer serves the whole lane, by the"
                        + " properties in kafka.consumer.");
        tellOfWhatMayBeSaidForAll();
    }

    /** Those of them that may stand beside the rules too, for every rule. */
    void tellOfWhatMayBeSaidForAll() {
        rule.number("reenqueue_delay", 0).ifPresent(this::tellOfReenqueue);
        rule.pass(
                Kind.NOT_NEEDED,
                "consumer_batch_size",
                "All topics are polled together here, as much as memory allows.");
        answers("retry_on", "status", List.of("50x"), "tried again");
        answers("ignore", "status", List.of("412"), "taken for done");
        rule.pass(Kind.NOT_NEEDED, "report", "The legacy service reads it and does nothing with it.");
        rule.pass(Kind.NOT_NEEDED, "decode_results", "Answers are read as far as the verdict needs it.");
        if (!rule.flag("discard_canary_events", true)) {
            rule.findings().tell(Kind.ACT, rule.at("discard_canary_events"), "Canary events are always skipped here.");
        }
        if (rule.flag("disable_delayed_execution", false)) {
            rule.findings()
                    .tell(
                            Kind.DIFFERS,
                            rule.at("disable_delayed_execution"),
                            "Jobs that ask to wait (delay_until) ran at once there; here they wait.");
        }
        for (String selecting : List.of("match", "match_not", "cases", "sample")) {
            if (rule.has(selecting)) {
                rule.skip(selecting);
                rule.findings()
                        .refuse(
                                rule.at(selecting),
                                "selects among the jobs of a type",
                                "every job of a type is run here; let MediaWiki not enqueue what must not run, then remove it");
            }
        }
        limiters();
        blacklist();
    }

    private void tellOfReenqueue(double seconds) {
        String usual = seconds == 0 ? USUAL_REENQUEUE_SECONDS + " s there" : Math.round(seconds) + " s there";
        rule.findings()
                .tell(
                        Kind.NOT_NEEDED,
                        rule.at("reenqueue_delay"),
                        usual
                                + ", for which a delayed job holds a slot; here it waits in the scheduler and holds none.");
    }

    /** What an answer means is fixed here: only a rule that says the default loses nothing. */
    private void answers(String key, String condition, List<String> byDefault, String meaning) {
        rule.block(key).ifPresent(block -> {
            List<String> said = block.texts(condition);
            block.refuseTheRest();
            if (!said.equals(byDefault)) {
                rule.findings()
                        .tell(
                                Kind.ACT,
                                rule.at(key),
                                "Answers " + String.join(", ", said) + " are " + meaning + " there, in place of "
                                        + String.join(", ", byDefault)
                                        + "; here what an answer means cannot be configured (see docs/reliability.md).");
            }
        });
    }

    private void limiters() {
        boolean isOff = rule.flag("disable_ratelimit", false);
        if (rule.has("limiters") && isOff) {
            rule.pass(Kind.NOT_NEEDED, "limiters", "Switched off there by disable_ratelimit.");
        } else if (rule.has("limiters")) {
            rule.skip("limiters");
            rule.findings()
                    .refuse(
                            rule.at("limiters"),
                            "stops what has failed too often, by a key of the event",
                            "here breakers stop a job type that fails, and `rate` limits how many start; remove it");
        }
    }

    private void blacklist() {
        boolean isOff = rule.flag("disable_blacklist", false);
        if (rule.has("blacklist") && isOff) {
            rule.pass(Kind.NOT_NEEDED, "blacklist", "Switched off there by disable_blacklist.");
        } else if (rule.has("blacklist")) {
            rule.skip("blacklist");
            rule.findings()
                    .refuse(
                            rule.at("blacklist"),
                            "selects among the jobs of a type",
                            "every job of a type is run here");
        }
    }

    private OptionalDouble present(String key) {
        OptionalDouble number = rule.number(key, 0);
        if (number.isPresent() && number.getAsDouble() == 0) {
            rule.findings().tell(Kind.NOT_NEEDED, rule.at(key), "0 counts as absent there.");
            return OptionalDouble.empty();
        }
        return number;
    }
}
