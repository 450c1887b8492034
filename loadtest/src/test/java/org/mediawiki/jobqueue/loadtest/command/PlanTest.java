package org.mediawiki.jobqueue.loadtest.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.mediawiki.jobqueue.loadtest.measure.Contender;

final class PlanTest {

    /** A machine that becomes slower would be held against the same one in each round. */
    @Test
    void everyOtherRoundGoesTheOtherWayRound() {
        Plan plan = Plan.of(List.of("smoke"), List.of("jobqueue", "bare-loop"), 3);

        assertThat(plan.contendersOf(1)).extracting(Contender::name).containsExactly("jobqueue", "bare-loop");
        assertThat(plan.contendersOf(2)).extracting(Contender::name).containsExactly("bare-loop", "jobqueue");
        assertThat(plan.contendersOf(3)).extracting(Contender::name).containsExactly("jobqueue", "bare-loop");
    }

    @Test
    void thereIsARound() {
        assertThatIllegalArgumentException().isThrownBy(() -> Plan.of(List.of("smoke"), List.of("jobqueue"), 0));
    }
}
