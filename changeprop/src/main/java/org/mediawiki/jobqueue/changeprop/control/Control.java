package org.mediawiki.jobqueue.changeprop.control;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Operators' overrides, from any instance for all of them. Any thread; nothing blocks. */
public interface Control {

    /** Those in force, in the order of their keys. */
    List<OperatorOverride> list();

    /**
     * Sets an override, in the place of any other of its knob.
     *
     * @return completes when all in-sync replicas have it and this instance has read it back, so that every instance has
     *     it within a second; fails where that is not known to have happened
     */
    CompletableFuture<Void> set(OperatorOverride override);

    /**
     * Removes the override of {@code knob}; where there is none, nothing happens.
     *
     * @param by who, for people
     * @param reason why, for people
     * @return as of {@link #set}
     */
    CompletableFuture<Void> clear(Knob knob, String by, String reason);
}
