package org.mediawiki.jobqueue.changeprop.assign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random groups against what must hold of every round ({@link Group}), and of the state in which they come to rest.
 */
class RoundModelTest {

    private static final int STEPS = 40;

    static LongStream seeds() {
        return LongStream.range(0, Boolean.getBoolean("jobqueue.soak") ? 1_000 : 30);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void everyPartitionIsOwnedOnceAndUnitsStayTogetherAndMembersAreEven(long seed) {
        Random random = new Random(seed);
        Group group = new Group(random);
        for (int step = 0; step < STEPS; step++) {
            change(group, random);
            group.subscribeAllToEverything();
            if (random.nextBoolean()) {
                group.round(0.3);
                continue;
            }
            group.settle();

            Map<String, Set<TopicPartition>> held = group.held();
            assertThat(held.values().stream().mapToInt(Set::size).sum())
                    .as("owned")
                    .isEqualTo(group.peers.isEmpty() ? 0 : count(group));
            assertThat(group.units().values().stream().mapToInt(Set::size).sum())
                    .as("units in one place")
                    .isEqualTo(group.peers.isEmpty() ? 0 : units(group).size());
            assertEven(group);
        }
    }

    /** Configurations differ, as in a rollout, members miss rounds, come back with nothing, and go without a word. */
    @ParameterizedTest
    @MethodSource("seeds")
    void whatAnybodySubscribesToIsOwnedHoweverConfigurationsDiffer(long seed) {
        Random random = new Random(seed);
        Group group = new Group(random);
        for (int step = 0; step < STEPS; step++) {
            change(group, random);
            for (Group.Peer peer : group.peers.values()) {
                if (random.nextInt(3) == 0) {
                    subscribeToSome(group, peer, random);
                }
            }
            if (random.nextBoolean()) {
                group.round(0.3);
                continue;
            }
            group.settle();

            Set<String> subscribed = group.peers.values().stream()
                    .flatMap(peer -> peer.topics.stream())
                    .collect(Collectors.toSet());
            Set<String> owned = group.held().values().stream()
                    .flatMap(Set::stream)
                    .map(TopicPartition::topic)
                    .collect(Collectors.toSet());
            assertThat(owned).isEqualTo(subscribed);
            assertThat(group.held().values().stream().mapToInt(Set::size).sum())
                    .isEqualTo(subscribed.stream()
                            .mapToInt(topic -> group.partitionCounts.getOrDefault(topic, 0))
                            .sum());
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void aFreshGroupIsAsEvenAsALongestFirstScheduleIsKnownToBe(long seed) {
        Random random = new Random(seed);
        Group group = new Group(random);
        int units = 1 + random.nextInt(8);
        for (int unit = 0; unit < units; unit++) {
            group.weights.put("u" + unit, 1 + random.nextInt(200));
            group.partitionCounts.put("u" + unit + "/main", 1);
        }
        int members = 1 + random.nextInt(3);
        for (int member = 0; member < members; member++) {
            group.join("m" + member, group.partitionCounts.keySet());
        }

        assertThat(group.settle()).isLessThanOrEqualTo(2);

        int best = bestMaximum(List.copyOf(group.weights.values()), new int[members], 0);
        // Graham 1969: (4/3 - 1/(3m)) of the best possible.
        assertThat(Collections.max(group.loads().values())).isLessThanOrEqualTo((int)
                Math.floor(best * (4.0 / 3 - 1.0 / (3 * members)) + 1e-9));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void whatNeedNotMoveDoesNot(long seed) {
        Random random = new Random(seed);
        Group group = new Group(random);
        int units = 1 + random.nextInt(60);
        for (int unit = 0; unit < units; unit++) {
            group.partitionCounts.put("u" + unit + "/main", 1 + random.nextInt(3));
            group.partitionCounts.put("u" + unit + "/retry", 1);
        }
        group.join("m0", group.partitionCounts.keySet());
        group.settle();
        int names = 1;
        for (int step = 0; step < 20; step++) {
            Map<String, Set<String>> before = group.units();
            String gone = "";
            if (group.peers.size() < 2 || random.nextBoolean()) {
                group.join("m" + names++, group.partitionCounts.keySet());
            } else {
                List<String> all = List.copyOf(group.peers.keySet());
                gone = all.get(random.nextInt(all.size()));
                group.leave(gone);
            }

            group.settle();

            Map<String, Set<String>> after = group.units();
            Set<String> orphans = before.getOrDefault(gone, Set.of());
            for (Map.Entry<String, Set<String>> member : after.entrySet()) {
                Set<String> lost = difference(before.getOrDefault(member.getKey(), Set.of()), member.getValue());
                Set<String> won = difference(member.getValue(), before.getOrDefault(member.getKey(), Set.of()));
                won.removeAll(orphans);
                assertThat(lost.isEmpty() || won.isEmpty())
                        .as("%s gave %s and took %s", member.getKey(), lost, won)
                        .isTrue();
                if (!gone.isEmpty()) {
                    assertThat(lost).as("moved although somebody else left").isEmpty();
                }
            }
            assertThat(group.settle()).as("rounds without a change").isEqualTo(1);
        }
    }

    private static void change(Group group, Random random) {
        switch (random.nextInt(6)) {
            case 0 -> group.join("m" + random.nextInt(8), Set.copyOf(group.partitionCounts.keySet()));
            case 1 -> group.leave("m" + random.nextInt(8));
            case 2 -> group.weights.put("u" + random.nextInt(20), 1 + random.nextInt(200));
            case 3 -> {
                for (int more = random.nextInt(20); more > 0; more--) {
                    String topic = "u" + random.nextInt(20) + "/" + random.nextInt(4);
                    group.partitionCounts.merge(topic, 1 + random.nextInt(3), Math::max);
                }
            }
            case 4 -> {
                // Thrown out of the group, and back: it has given everything up.
                group.peers.values().stream().findFirst().ifPresent(peer -> group.join(peer.name, peer.topics));
            }
            default -> {
                // The same once more.
            }
        }
    }

    private static void subscribeToSome(Group group, Group.Peer peer, Random random) {
        Set<String> some = new HashSet<>();
        group.partitionCounts.keySet().stream()
                .filter(topic -> random.nextInt(4) > 0)
                .forEach(some::add);
        peer.topics = some;
        // As the client does before it joins with another subscription.
        peer.holds.removeIf(partition -> !some.contains(partition.topic()));
    }

    private static int count(Group group) {
        return group.partitionCounts.values().stream().mapToInt(count -> count).sum();
    }

    private static Set<String> units(Group group) {
        return group.partitionCounts.keySet().stream()
                .map(topic -> group.unitOf(topic).name())
                .collect(Collectors.toSet());
    }

    /** No unit could move so that the new owner had less, by an eighth of a fair share, than the old one has. */
    private static void assertEven(Group group) {
        Map<String, Integer> loads = group.loads();
        int sum = loads.values().stream().mapToInt(load -> load).sum();
        group.units()
                .forEach((from, units) -> units.forEach(unit -> loads.forEach((to, load) -> {
                    int gain = loads.getOrDefault(from, 0) - load - group.weights.getOrDefault(unit, 1);
                    if (gain > sum / 8.0 / loads.size()) {
                        fail(unit + " should go from " + from + " to " + to + ": " + loads);
                    }
                })));
    }

    private static int bestMaximum(List<Integer> weights, int[] loads, int next) {
        if (next == weights.size()) {
            int most = 0;
            for (int load : loads) {
                most = Math.max(most, load);
            }
            return most;
        }
        int best = Integer.MAX_VALUE;
        for (int member = 0; member < loads.length; member++) {
            loads[member] += weights.get(next);
            best = Math.min(best, bestMaximum(weights, loads, next + 1));
            loads[member] -= weights.get(next);
        }
        return best;
    }

    private static Set<String> difference(Set<String> all, Set<String> without) {
        Set<String> rest = new HashSet<>(all);
        rest.removeAll(without);
        return rest;
    }
}
