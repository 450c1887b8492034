package org.mediawiki.jobqueue.changeprop.config;

/**
 * Everything in force for one job type.
 *
 * @param lane the lane that runs it
 * @param type the job type
 * @param pool whose limits it shares: the type itself where it has an entry, else {@link EffectiveConfig#LOW_TRAFFIC}
 * @param settings the pool's settings, complete
 */
public record JobTypePolicy(String lane, String type, String pool, JobTypeConfig settings) {

    /**
     * The rule's name in retry events, in the keys of duplicates, for the legacy groups and in the legacy metrics (SPEC
     * section 3). As the file has it: an operator's override gives a type a pool of its own for a while, and nothing that
     * was remembered of its jobs may be forgotten for that.
     */
    public String rule() {
        return settings.fromPool() ? EffectiveConfig.LOW_TRAFFIC : type;
    }

    /** Whether the type has an entry of its own, be it an operator's. */
    public boolean hasOwnPool() {
        return pool.equals(type);
    }
}
