package org.mediawiki.jobqueue.changeprop.fleet;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says of instances that died without saying so that they have ended: their names may never come again, and what they said
 * would be kept for ever, in the topic and by everybody who reads it. Every instance does so for all.
 *
 * <p>Who was only silent is there again with its next heartbeat, and its state with the next of those, within five seconds.
 *
 * <p>On the context of the heartbeats.
 */
final class Sweep {

    /** At a time: after an upgrade there may be thousands, and heartbeats wait behind what was written before them. */
    private static final int MOST = 100;

    private static final Logger LOG = LoggerFactory.getLogger(Sweep.class);

    private final Fleet fleet;
    private final FleetNotes.Board board;
    private long sweptAt;

    Sweep(Fleet fleet, FleetNotes.Board board) {
        this.fleet = fleet;
        this.board = board;
    }

    /**
     * Does nothing where no heartbeat of ours has come since the last time: whoever does not hear does not know who has come
     * back. What cannot be written is written another time.
     */
    void sweep() {
        long beats = fleet.beats();
        if (beats > sweptAt) {
            sweptAt = beats;
            fleet.dead().stream().limit(MOST).forEach(this::end);
        }
    }

    /** The state first, and the instance when that is certain: by its heartbeat it is found again where it is not. */
    private void end(String name) {
        var unused = board.write(Fleet.STATE + name, null)
                .thenCompose(written -> board.write(Fleet.INSTANCE + name, null))
                .thenRun(() -> LOG.info(
                        "Instance {} has been silent for {} heartbeats: what it said of itself is deleted",
                        name,
                        Roster.MOST_SILENT));
    }
}
