package org.mediawiki.jobqueue.runner.lane;

/**
 * The slots of a job that runs elsewhere and counts here all the same ({@link Lane#occupy}). Used on the lane's
 * context only.
 */
public final class Occupancy {

    private final Runnable onVacated;
    private boolean vacated;

    Occupancy(Runnable onVacated) {
        this.onVacated = onVacated;
    }

    /** Gives the slots back, and starts whoever waits for them; nothing happens when it is called again. */
    public void vacate() {
        if (!vacated) {
            vacated = true;
            onVacated.run();
        }
    }
}
