package org.mediawiki.jobqueue.changeprop.assign;

/**
 * What one member owns as a whole, since it shares limits: a job type that has an entry of its own, all others together,
 * or a whole lane.
 *
 * @param name tells it from the other units of the group
 * @param weight how much it is beside others: how many of its jobs may run at once; at least 1
 */
public record Unit(String name, int weight) {

    public Unit {
        if (weight < 1) {
            throw new IllegalArgumentException("weight " + weight + " of " + name);
        }
    }
}
