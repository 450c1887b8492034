package org.mediawiki.jobqueue.loadtest.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ChaosTest {

    private static final Duration LENGTH = Duration.ofMinutes(10);

    @Test
    void theSameSeedGivesTheSame() {
        assertThat(Chaos.of(42, LENGTH)).isEqualTo(Chaos.of(42, LENGTH));
        assertThat(Chaos.of(42, LENGTH)).isNotEqualTo(Chaos.of(43, LENGTH));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void everyInstanceThatEndsIsStartedAgainAndNoneTwice(long seed) {
        Map<Integer, Boolean> running = new HashMap<>();
        for (EventSpec event : Chaos.of(seed, LENGTH).events()) {
            Integer ended = event.kill() == null ? event.stop() : event.kill();
            if (ended != null) {
                assertThat(running.put(ended, false)).isNotEqualTo(false);
            } else if (event.start() != null) {
                assertThat(running.put(event.start(), true)).isEqualTo(false);
            }
        }
        assertThat(running.values()).doesNotContain(false);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void misfortunesComeOneByOneAndEndBeforeTheLoadDoes(long seed) {
        Duration last = Duration.ZERO;
        for (EventSpec event : Chaos.of(seed, LENGTH).events()) {
            assertThat(event.at()).isGreaterThanOrEqualTo(last);
            last = event.end();
        }
        assertThat(last).isLessThan(LENGTH);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void newTypesComeUpInTheMidstOfIt(long seed) {
        Scenario chaos = Chaos.of(seed, LENGTH);

        assertThat(chaos.types().size() - chaos.typesAtFirst().size()).isGreaterThan(20);
        assertThat(chaos.loadLength()).isEqualTo(LENGTH);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void everyKindOfMisfortuneHappens(long seed) {
        List<EventSpec> events = Chaos.of(seed, Duration.ofHours(1)).events();

        assertThat(events).anyMatch(event -> event.kill() != null);
        assertThat(events).anyMatch(event -> event.stop() != null);
        assertThat(events).anyMatch(event -> event.freeze() != null);
        assertThat(events).anyMatch(event -> event.broker() != null);
        assertThat(events).anyMatch(event -> event.refuse() != null);
        assertThat(events).anyMatch(event -> event.answer() != null);
        assertThat(events).anyMatch(event -> event.disconnect() != null);
        assertThat(events).anyMatch(event -> event.limit() != null);
    }
}
