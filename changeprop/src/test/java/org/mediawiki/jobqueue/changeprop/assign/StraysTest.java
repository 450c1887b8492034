package org.mediawiki.jobqueue.changeprop.assign;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.mediawiki.jobqueue.runner.FakeTime;

class StraysTest {

    private final FakeTime time = new FakeTime();
    private final Strays strays = new Strays(time);

    @Test
    void aTopicGoesElsewhereWhenItHasWaitedForLongEnough() {
        assertThat(strays.mayGo("new")).isFalse();
        strays.keep(Set.of("new"));
        time.advance(Strays.PATIENCE.minusMillis(1));
        strays.keep(Set.of("new"));
        assertThat(strays.mayGo("new")).isFalse();

        time.advance(Duration.ofMillis(1));

        assertThat(strays.mayGo("new")).isTrue();
        assertThat(strays.mayGo("another")).isFalse();
    }

    @Test
    void whatItsOwnerHasHeardOfIsForgotten() {
        strays.keep(Set.of("new"));
        strays.keep(Set.of());
        time.advance(Strays.PATIENCE);

        assertThat(strays.mayGo("new")).isFalse();
        assertThat(strays.takeDue()).isFalse();
    }

    /** Whoever leads the group by then may know nothing of it, and there would be no end to it. */
    @Test
    void aRoundIsAskedForOnce() {
        strays.keep(Set.of("new"));
        assertThat(strays.takeDue()).isFalse();
        time.advance(Strays.PATIENCE);

        assertThat(strays.takeDue()).isTrue();
        assertThat(strays.takeDue()).isFalse();
        strays.keep(Set.of("new", "another"));
        time.advance(Strays.PATIENCE);
        assertThat(strays.takeDue()).as("for the other").isTrue();
    }
}
