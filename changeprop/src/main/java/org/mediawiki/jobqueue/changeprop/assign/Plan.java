package org.mediawiki.jobqueue.changeprop.assign;

/** Which topics share limits. Pure; the plan of the member that leads the group counts for all of them. */
@FunctionalInterface
public interface Plan {

    /**
     * The unit that a topic belongs to. Never fails: members with another configuration may have subscribed to topics
     * that this one's knows nothing of, see {@link #alone}.
     */
    Unit unitOf(String topic);

    /** The unit of a topic that shares its limits with none that is known. */
    static Unit alone(String topic) {
        // No job type and no lane has a name with a slash.
        return new Unit("topic/" + topic, 1);
    }
}
