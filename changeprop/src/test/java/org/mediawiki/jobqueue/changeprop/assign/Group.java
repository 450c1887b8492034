package org.mediawiki.jobqueue.changeprop.assign;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;

/**
 * A group whose members keep to the cooperative protocol, in the most awkward order that it allows. Whatever must hold
 * of every round is asserted in it. Topics are named {@code <unit>/<anything>}.
 */
final class Group {

    final Map<String, Integer> partitionCounts = new TreeMap<>();
    final Map<String, Integer> weights = new HashMap<>();
    final Map<String, Peer> peers = new TreeMap<>();
    private final Random random;
    private Map<String, String> promises = Map.of();
    private int generation;
    private int ids;

    Group(Random random) {
        this.random = random;
    }

    /** A member as it is, not as others believe it to be. */
    static final class Peer {
        final String name;
        final String id;
        Set<String> topics;
        Set<TopicPartition> holds = new HashSet<>();
        int generation = -1;

        Peer(String name, String id, Set<String> topics) {
            this.name = name;
            this.id = id;
            this.topics = topics;
        }
    }

    Unit unitOf(String topic) {
        String name = topic.substring(0, topic.indexOf('/'));
        return new Unit(name, weights.getOrDefault(name, 1));
    }

    /** Joins, with nothing in its hands, under a new id. */
    void join(String name, Set<String> topics) {
        peers.put(name, new Peer(name, name + "-" + ids++, topics));
    }

    void leave(String name) {
        peers.remove(name);
    }

    void subscribeAllToEverything() {
        peers.values().forEach(peer -> peer.topics = Set.copyOf(partitionCounts.keySet()));
    }

    /** One round; each member misses what it is told with this probability, and acts as if nothing had been. */
    void round(double missed) {
        List<Member> members = members();
        Round round = Round.of(this::unitOf, partitionCounts, members, promises, topic -> true);
        List<Member> shuffled = new ArrayList<>(members);
        Collections.shuffle(shuffled, random);
        assertThat(Round.of(this::unitOf, partitionCounts, shuffled, promises, topic -> true))
                .isEqualTo(round);
        assertKeepsTheRules(round.shares());
        // Another leader knows nothing of them.
        promises = random.nextInt(10) == 0 ? Map.of() : round.promises();
        generation++;
        for (Peer peer : peers.values()) {
            if (random.nextDouble() >= missed) {
                peer.holds = new HashSet<>(round.shares().getOrDefault(peer.id, List.of()));
                peer.generation = generation;
            }
        }
    }

    private void assertKeepsTheRules(Map<String, List<TopicPartition>> shares) {
        assertThat(shares.keySet())
                .isEqualTo(peers.values().stream().map(peer -> peer.id).collect(Collectors.toSet()));
        Map<String, Set<String>> units = units();
        boolean alike =
                peers.values().stream().map(peer -> peer.topics).distinct().count() < 2;
        Set<TopicPartition> given = new HashSet<>();
        for (Peer peer : peers.values()) {
            for (TopicPartition partition : shares.getOrDefault(peer.id, List.of())) {
                check(given.add(partition), partition + " is given twice");
                check(peer.topics.contains(partition.topic()), peer.name + " does not subscribe to " + partition);
                if (!peer.holds.contains(partition)) {
                    for (Peer other : peers.values()) {
                        check(
                                !other.holds.contains(partition),
                                partition + " is given while " + other.name + " has it");
                        check(
                                !alike
                                        || other.equals(peer)
                                        || !units.getOrDefault(other.name, Set.of())
                                                .contains(name(partition)),
                                partition + " is given while " + other.name + " has some of its unit");
                    }
                }
            }
        }
    }

    private static void check(boolean rule, String broken) {
        if (!rule) {
            throw new AssertionError(broken);
        }
    }

    private String name(TopicPartition partition) {
        return unitOf(partition.topic()).name();
    }

    /** Rounds until nothing changes, as whoever gives something up joins anew; how many it took. */
    int settle() {
        for (int rounds = 1; rounds <= 20; rounds++) {
            Map<String, Set<TopicPartition>> before = held();
            round(0);
            if (held().equals(before)) {
                return rounds;
            }
        }
        throw new AssertionError("does not come to rest: " + held());
    }

    Map<String, Set<TopicPartition>> held() {
        return peers.values().stream().collect(Collectors.toMap(peer -> peer.name, peer -> Set.copyOf(peer.holds)));
    }

    /** Which units each member has something of. */
    Map<String, Set<String>> units() {
        return peers.values().stream()
                .collect(Collectors.toMap(
                        peer -> peer.name,
                        peer -> peer.holds.stream().map(this::name).collect(Collectors.toSet())));
    }

    /** The weight that each member has. */
    Map<String, Integer> loads() {
        Map<String, Integer> loads = new HashMap<>();
        units().forEach((name, units) -> loads.put(
                name,
                units.stream().mapToInt(unit -> weights.getOrDefault(unit, 1)).sum()));
        return loads;
    }

    List<Member> members() {
        return peers.values().stream()
                .map(peer -> new Member(peer.id, peer.name, peer.topics, peer.holds, peer.generation))
                .toList();
    }
}
