package org.mediawiki.jobqueue.changeprop.assign;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;

/** Who owns which partition at the beginning of a round. Immutable. */
final class Claims {

    /** A claim of a lower generation is stale; of equal ones, which Kafka never hands out, any will do. */
    private static final Comparator<Member> RIGHT = Comparator.comparingInt(Member::generation)
            .thenComparing(Member::name)
            .thenComparing(Member::id);

    private final Map<TopicPartition, Member> owners = new HashMap<>();

    Claims(List<Member> members) {
        members.stream()
                .sorted(RIGHT)
                .forEach(member -> member.claims().forEach(partition -> owners.put(partition, member)));
    }

    /** Whoever owns it, and has not given it up. */
    Optional<Member> ownerOf(TopicPartition partition) {
        return Optional.ofNullable(owners.get(partition));
    }

    /** How many of {@code partitions} {@code member} owns. */
    int count(Member member, Collection<TopicPartition> partitions) {
        return (int) partitions.stream()
                .filter(partition -> member.equals(owners.get(partition)))
                .count();
    }

    /** Whether somebody beside {@code member} owns any of {@code partitions}. */
    boolean areOthersThan(Member member, Collection<TopicPartition> partitions) {
        return partitions.stream().map(owners::get).anyMatch(owner -> owner != null && !owner.equals(member));
    }
}
