package org.mediawiki.jobqueue.changeprop.assign;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;

/**
 * One round of a cooperative rebalance (KIP-429). Pure: the same members, whatever their order, get the same.
 *
 * <p>A unit changes hands in two rounds. In the first one its old owner gets nothing of it, and the new one nothing
 * either: not even partitions that nobody claims, or two members would run a pool at once. The old owner gives up what
 * it has, and joins anew; then the new one, who was promised it, gets all. Without the promise the second round would
 * choose anew, from what the first one has changed, and there might be no end to it.
 *
 * @param shares what each member gets, by its id; every member has an entry
 * @param promises which member, by its id, is to get what could not be given yet, by the portion's name
 * @param strays topics of which something waits until the owner of their unit subscribes to them
 */
record Round(Map<String, List<TopicPartition>> shares, Map<String, String> promises, Set<String> strays) {

    private static final Comparator<TopicPartition> BY_NAME =
            Comparator.comparing(TopicPartition::topic).thenComparingInt(TopicPartition::partition);

    /**
     * What {@code plan} makes of the members.
     *
     * @param partitionCounts of each topic; one that is missing has no partitions yet
     * @param promises of the last round that this process has made; they bind nobody
     * @param mayGo whether a topic that nobody owns, and the owner of its unit does not subscribe to, may go to another
     */
    static Round of(
            Plan plan,
            Map<String, Integer> partitionCounts,
            List<Member> members,
            Map<String, String> promises,
            Predicate<String> mayGo) {
        List<Member> ordered = members.stream()
                .sorted(Comparator.comparing(Member::name).thenComparing(Member::id))
                .toList();
        Claims claims = new Claims(ordered);
        Balance balance = new Balance(ordered, claims, promises);
        Draft draft = new Draft(ordered, claims);
        List<Portion> portions = units(plan, partitionCounts, ordered);
        while (!portions.isEmpty()) {
            List<Portion> rests = new ArrayList<>();
            balance.spread(portions).forEach((portion, owner) -> {
                draft.give(portion, owner);
                // Better a pool in two places than jobs that wait until all members have the same configuration.
                Set<TopicPartition> rest =
                        draft.withoutStrays(part(portion, partition -> !owner.subscribesTo(partition)), mayGo);
                if (!rest.isEmpty()) {
                    rests.add(new Portion(portion.unit(), rest, portion.rest() + 1));
                }
            });
            portions = rests;
        }
        return draft.round();
    }

    private static List<Portion> units(Plan plan, Map<String, Integer> partitionCounts, List<Member> members) {
        Map<Unit, Set<TopicPartition>> units = new TreeMap<>(Comparator.comparing(Unit::name));
        Set<String> topics = members.stream()
                .flatMap(member -> member.topics().stream())
                .collect(Collectors.toCollection(TreeSet::new));
        for (String topic : topics) {
            int count = partitionCounts.getOrDefault(topic, 0);
            if (count > 0) {
                Set<TopicPartition> partitions = units.computeIfAbsent(plan.unitOf(topic), unit -> new HashSet<>());
                IntStream.range(0, count).forEach(number -> partitions.add(new TopicPartition(topic, number)));
            }
        }
        return units.entrySet().stream()
                .map(unit -> new Portion(unit.getKey(), unit.getValue(), 0))
                .toList();
    }

    private static Set<TopicPartition> part(Portion portion, Predicate<TopicPartition> which) {
        return portion.partitions().stream().filter(which).collect(Collectors.toSet());
    }

    /** A round that is being made. */
    private static final class Draft {

        private final Claims claims;
        private final Map<String, List<TopicPartition>> shares = new HashMap<>();
        private final Map<String, String> promises = new HashMap<>();
        private final Set<String> strays = new HashSet<>();

        Draft(List<Member> members, Claims claims) {
            this.claims = claims;
            members.forEach(member -> shareOf(member));
        }

        /** Gives {@code owner} what may be given already, and promises the rest. */
        void give(Portion portion, Member owner) {
            Set<TopicPartition> wanted = part(portion, owner::subscribesTo);
            boolean isFree = !claims.areOthersThan(owner, wanted);
            Set<TopicPartition> given =
                    isFree ? wanted : part(portion, partition -> wanted.contains(partition) && isOf(owner, partition));
            shareOf(owner).addAll(given);
            if (given.size() < wanted.size()) {
                promises.put(portion.name(), owner.id());
            }
        }

        /** Which of those that the owner of the unit does not subscribe to a second member may have; notes the others down. */
        Set<TopicPartition> withoutStrays(Set<TopicPartition> rest, Predicate<String> mayGo) {
            Map<Boolean, Set<TopicPartition>> byRight = rest.stream()
                    .collect(Collectors.partitioningBy(
                            partition -> claims.ownerOf(partition).isPresent() || mayGo.test(partition.topic()),
                            Collectors.toSet()));
            byRight.getOrDefault(false, Set.of()).forEach(partition -> strays.add(partition.topic()));
            return byRight.getOrDefault(true, Set.of());
        }

        Round round() {
            shares.values().forEach(share -> share.sort(BY_NAME));
            return new Round(shares, promises, strays);
        }

        private boolean isOf(Member owner, TopicPartition partition) {
            return claims.ownerOf(partition).filter(owner::equals).isPresent();
        }

        private List<TopicPartition> shareOf(Member member) {
            return shares.computeIfAbsent(member.id(), id -> new ArrayList<>());
        }
    }
}
