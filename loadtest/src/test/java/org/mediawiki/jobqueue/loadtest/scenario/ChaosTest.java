package org.mediawiki.jobqueue.loadtest.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
            if (event.what() instanceof Disturbance.Start start) {
                assertThat(running.put(start.instance(), true)).isEqualTo(false);
            } else if (event.what() instanceof Disturbance.OfInstance ended && !ended.lasts()) {
                assertThat(running.put(ended.instance(), false)).isNotEqualTo(false);
            }
        }
        assertThat(running.values()).doesNotContain(false);
    }

    /** About one seed in a hundred draws a last one that would go on for longer. */
    @ParameterizedTest
    @ValueSource(ints = {30, 240, 300})
    void misfortunesComeOneByOneAndEndBeforeTheLoadDoes(int seconds) {
        Duration length = Duration.ofSeconds(seconds);
        for (long seed = 0; seed < 1_000; seed++) {
            Duration last = Duration.ZERO;
            for (EventSpec event : Chaos.of(seed, length).events()) {
                assertThat(event.at()).as("seed %d", seed).isGreaterThanOrEqualTo(last);
                last = event.end();
            }
            assertThat(last).as("seed %d", seed).isLessThan(length);
        }
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

        Set<Class<?>> found =
                events.stream().map(event -> event.what().getClass()).collect(Collectors.toSet());
        assertThat(found).isEqualTo(kinds(Disturbance.class).collect(Collectors.toSet()));
    }

    /** Two in twelve minutes, with crowds of two types in each. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void thereAreCalmsInWhichMoreComesThanThereAreSlots(long seed) {
        Scenario chaos = Chaos.of(seed, Duration.ofMinutes(12));
        Duration settles = chaos.expect().settles();
        assertThat(settles).isNotNull();

        List<LoadSpec> settled = chaos.load().stream()
                .filter(stream ->
                        stream.types().size() == 1 && chaos.typesAtFirst().containsAll(stream.types()))
                .filter(stream -> chaos.events().stream()
                        .noneMatch(event -> event.at().compareTo(stream.end().plusSeconds(10)) < 0
                                && event.end().plus(settles).compareTo(stream.after()) > 0))
                .toList();

        assertThat(settled).hasSize(4);
        assertThat(settled.stream().map(LoadSpec::types).distinct()).hasSize(2);
    }

    @Test
    void aShortRunHasNoCalm() {
        assertThat(Chaos.of(1, Duration.ofMinutes(4)).expect().settles()).isNull();
    }

    private static Stream<Class<?>> kinds(Class<?> type) {
        return type.isSealed() ? Stream.of(type.getPermittedSubclasses()).flatMap(ChaosTest::kinds) : Stream.of(type);
    }
}
