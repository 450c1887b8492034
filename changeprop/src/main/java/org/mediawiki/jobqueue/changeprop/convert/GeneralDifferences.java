package org.mediawiki.jobqueue.changeprop.convert;

import org.mediawiki.jobqueue.changeprop.convert.Difference.Kind;

/** What is not the same whatever the configuration says, because the legacy service cannot be told otherwise. */
final class GeneralDifferences {

    private GeneralDifferences() {}

    static void tell(LegacyQueue queue, Findings findings) {
        differs(
                findings,
                "concurrency",
                "There each consumer runs so many, and as many retries beside them; here it is the limit of the whole fleet,"
                        + " first attempts and retries together.");
        differs(
                findings,
                "timeout",
                "Where no rule says one: 7 min there, after which the job is tried again though it still runs; here 1210 s,"
                        + " above the runner's own limit.");
        differs(
                findings,
                "first start",
                "A rule begins at the end of a topic there that it has no offset of, and misses what stands in it; here every"
                        + " topic begins where the legacy service stood, else at its first record.");
        differs(
                findings,
                "max_share",
                "Without counterpart there: one low-traffic type takes 60% of its pool at most while others wait.");
        differs(
                findings,
                "answers",
                "There 500 to 509 are tried again, 3xx and a PHP fatal with status 200 are done; here every 5xx and a PHP"
                        + " fatal are tried again, 3xx is dead, 429 and 503 with Retry-After and read-only wikis wait"
                        + " without costing an attempt.");
        differs(
                findings,
                "connections",
                "A runner that cannot be reached costs an attempt there, and jobs die of an outage; here breakers open and"
                        + " jobs wait.");
        differs(
                findings,
                "duplicates",
                "A job is remembered there when it starts, here when it is done: one that was lost half-way is run.");
        if (queue.kafka().client().containsKey("security.protocol")) {
            findings.tell(
                    Kind.ACT,
                    "kafka.client",
                    "Java verifies that brokers' certificates are for their host names, older librdkafka does not: try it.");
        }
        if (queue.kafka().authorities().isPresent()) {
            findings.tell(
                    Kind.ACT,
                    "targets.*.tls.ca",
                    "The legacy service's file does not say whom it trusts; the output takes the authorities of Kafka's"
                            + " brokers.");
        }
    }

    private static void differs(Findings findings, String path, String text) {
        findings.tell(Kind.DIFFERS, "(" + path + ")", text);
    }
}
