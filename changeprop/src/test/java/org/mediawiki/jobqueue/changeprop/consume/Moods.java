package org.mediawiki.jobqueue.changeprop.consume;

import java.time.Duration;

/** How the brokers are for all instances at once. */
final class Moods {

    private static final long SLOWEST_NANOS = Duration.ofMillis(1_500).toNanos();

    private final Simulation world;
    private boolean slow;
    private boolean coordinatorAway;
    private boolean boardGone;
    private boolean refusing;

    Moods(Simulation world) {
        this.world = world;
    }

    /** What is asked of the coordinator arrives late, and so do answers. */
    void slow(boolean isSlow) {
        slow = isSlow;
    }

    /** The coordinator answers nobody; {@link ModelGroup#goAway} is told as well. */
    void coordinatorAway(boolean isAway) {
        coordinatorAway = isAway;
    }

    /** The fleet's topic can be neither read nor written. */
    void boardGone(boolean isGone) {
        boardGone = isGone;
    }

    /** The commits of a partition come to nothing; {@link ModelGroup#refuse} is told as well. */
    void refusing(boolean isRefusing) {
        refusing = isRefusing;
    }

    boolean isRefusing() {
        return refusing;
    }

    boolean isSlow() {
        return slow;
    }

    boolean isCoordinatorAway() {
        return coordinatorAway;
    }

    boolean isBoardGone() {
        return boardGone;
    }

    /** Whether a commit may take long, or be in vain. */
    boolean areBrokersMoody() {
        return slow || coordinatorAway || refusing;
    }

    /** How much longer something takes now on each way, in nanoseconds. */
    long slowness(String whose) {
        return slow ? world.noise("slow to " + whose, SLOWEST_NANOS) : 0;
    }
}
