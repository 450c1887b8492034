package org.mediawiki.jobqueue.changeprop.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** When the watch starts the broker anew, look by look. */
final class CoordinatorWatchTest {

    private static final long SHORTLY_AFTER = 10;

    private long failed = 1;
    private int restarts;

    @Test
    void aBrokerThatIsWellIsLeftAlone() {
        failed = 0;
        look(watch(this::heal), 2 * CoordinatorWatch.MOST_LOOKS);
        assertThat(restarts).isZero();
    }

    @Test
    void aFailureThatIsFollowedByAnotherBeginningIsNone() {
        CoordinatorWatch watch = watch(this::heal);
        for (int i = 0; i < SHORTLY_AFTER; i++) {
            failed = 1;
            look(watch, CoordinatorWatch.LOOKS - 1);
            failed = 0;
            look(watch, 1);
        }
        assertThat(restarts).isZero();
    }

    /** The broker was stopped and not started: there is nothing that could say that it failed. */
    @Test
    void aRestartThatFailsIsTriedAgainUntilOneSucceeds() {
        CoordinatorWatch watch = watch(() -> {
            failed = 0;
            if (restarts < 3) {
                throw new IOException("the folder is locked");
            }
        });
        look(watch, CoordinatorWatch.LOOKS);
        assertThat(restarts).isEqualTo(1);
        look(watch, 2 * CoordinatorWatch.LOOKS);
        assertThat(restarts).isEqualTo(2);
        look(watch, 4 * CoordinatorWatch.LOOKS);
        assertThat(restarts).isEqualTo(3);
        look(watch, 2 * CoordinatorWatch.MOST_LOOKS);
        assertThat(restarts).as("the third succeeded").isEqualTo(3);
    }

    @Test
    void anErrorOfARestartDoesNotEndTheWatch() {
        CoordinatorWatch watch = watch(() -> {
            failed = 0;
            if (restarts == 1) {
                throw new NoClassDefFoundError("too many open files");
            }
        });
        look(watch, 3 * CoordinatorWatch.LOOKS);
        assertThat(restarts).isEqualTo(2);
    }

    @Test
    void whatIsInVainIsTriedEverMoreSeldomAndNeverGivenUp() {
        CoordinatorWatch watch = watch(() -> {});
        look(watch, 2 * CoordinatorWatch.MOST_LOOKS);
        int soFar = restarts;
        assertThat(soFar).isLessThan(12);
        look(watch, 3 * CoordinatorWatch.MOST_LOOKS);
        assertThat(restarts).isEqualTo(soFar + 3);
    }

    @Test
    void whoWasWellForLongIsAsQuicklyStartedAnewAsTheFirstTime() {
        CoordinatorWatch watch = watch(this::heal);
        look(watch, CoordinatorWatch.LOOKS);
        failed = 1;
        look(watch, 2 * CoordinatorWatch.LOOKS - 1);
        assertThat(restarts).as("soon after the first").isEqualTo(1);
        look(watch, 1);
        assertThat(restarts).isEqualTo(2);

        look(watch, CoordinatorWatch.MOST_LOOKS);
        failed = 1;
        look(watch, CoordinatorWatch.LOOKS);
        assertThat(restarts).isEqualTo(3);
    }

    @Test
    void aWatchThatWasClosedBeginsNoRestart() {
        CoordinatorWatch watch = watch(this::heal);
        watch.close();
        look(watch, 2 * CoordinatorWatch.LOOKS);
        assertThat(restarts).isZero();
    }

    private CoordinatorWatch watch(CoordinatorWatch.Restart restart) {
        return new CoordinatorWatch(() -> failed, () -> {
            restarts++;
            restart.run();
        });
    }

    private void heal() {
        failed = 0;
    }

    private static void look(CoordinatorWatch watch, long times) {
        for (long i = 0; i < times; i++) {
            watch.look();
        }
    }
}
