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

    /** The rule's name in retry events and in the legacy metrics (SPEC section 3): the same as the pool. */
    public String rule() {
        return pool;
    }

    /** Whether the type has an entry of its own. */
    public boolean hasOwnPool() {
        return pool.equals(type);
    }
}
