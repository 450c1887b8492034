package org.mediawiki.jobqueue.changeprop.config;

/** How the service creates its own topics where they are missing (SPEC section 3). */
public record OwnTopicsConfig(
        @Setting(value = "Partitions of each.", byDefault = "8", min = 1, max = 1000)
        int partitions,

        @Setting(
                value = "Copies of each; at most the number of brokers, so 1 with a single broker.",
                byDefault = "3",
                min = 1,
                max = 10)
        int replicationFactor) {}
