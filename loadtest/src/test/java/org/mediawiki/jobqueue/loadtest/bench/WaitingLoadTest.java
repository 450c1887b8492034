package org.mediawiki.jobqueue.loadtest.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class WaitingLoadTest {

    @Test
    void whatIsNotDoneOrRanTooEarlyIsNoSuccess() {
        assertThat(new WaitingLoad.Account(10, 0, 0, 0).isGood()).isTrue();
        assertThat(new WaitingLoad.Account(10, 1, 0, 0).isGood()).isFalse();
        assertThat(new WaitingLoad.Account(10, 0, 0, 1).isGood()).isFalse();
    }

    /** There was a kill. */
    @Test
    void whatRanAgainIs() {
        assertThat(new WaitingLoad.Account(10, 0, 1, 0).isGood()).isTrue();
    }
}
