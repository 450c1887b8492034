package org.mediawiki.jobqueue.changeprop.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How duplicate jobs are recognised (SPEC section 5). */
public record DedupeConfig(
        @Setting(
                value = "Where finished jobs are remembered. memory: in the process, for small fleets; redis: shared by"
                        + " the fleet, survives restarts; off: nowhere, duplicates run.",
                byDefault = "memory")
        Store store,

        @Setting(value = "How long a finished job is remembered.", byDefault = "1h")
        Duration ttl,

        @Setting(value = "How long a finished leaf of a root event is remembered.", byDefault = "24h")
        Duration rootTtl,

        @Setting("Where Redis is; needed with `store: redis`.") @Nullable
        RedisConfig redis) {

    /** Where finished jobs are remembered. */
    public enum Store {
        MEMORY,
        REDIS,
        OFF
    }
}
