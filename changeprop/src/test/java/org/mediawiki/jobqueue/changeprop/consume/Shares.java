package org.mediawiki.jobqueue.changeprop.consume;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.TopicPartition;

/** Who gets what in a round: what they have, if that is even; and never what another has not given up. */
final class Shares {

    static final Comparator<TopicPartition> ORDER = Comparator.comparing(TopicPartition::toString);

    private final Simulation world;
    private final List<TopicPartition> partitions;

    /** Who was to have it last. */
    private final Map<TopicPartition, String> last = new HashMap<>();

    private boolean shuffled;

    Shares(Simulation world, Collection<TopicPartition> partitions) {
        this.world = world;
        this.partitions = partitions.stream().sorted(ORDER).toList();
    }

    /** In the next round something moves without need. */
    void shuffle() {
        shuffled = true;
    }

    /** {@code claims} is what each member has, by its name; no two the same. */
    Map<String, Set<TopicPartition>> deal(Map<String, Set<TopicPartition>> claims) {
        Map<String, Set<TopicPartition>> dealt = new TreeMap<>();
        claims.keySet().forEach(name -> dealt.put(name, new TreeSet<>(ORDER)));
        if (dealt.isEmpty()) {
            return dealt;
        }
        Map<TopicPartition, String> owners = new HashMap<>();
        claims.forEach((name, owned) -> owned.forEach(partition -> owners.put(partition, name)));
        for (TopicPartition partition : partitions) {
            String owner = owners.getOrDefault(partition, last.getOrDefault(partition, ""));
            share(dealt, dealt.containsKey(owner) ? owner : fewest(dealt)).add(partition);
        }
        level(dealt);
        if (shuffled) {
            shuffled = false;
            swap(dealt);
        }
        dealt.forEach((name, share) -> share.forEach(partition -> last.put(partition, name)));
        dealt.forEach((name, share) ->
                share.removeIf(partition -> owners.containsKey(partition) && !name.equals(owners.get(partition))));
        return dealt;
    }

    private void level(Map<String, Set<TopicPartition>> dealt) {
        while (share(dealt, most(dealt)).size() - share(dealt, fewest(dealt)).size() > 1) {
            TopicPartition moved = share(dealt, most(dealt)).iterator().next();
            share(dealt, most(dealt)).remove(moved);
            share(dealt, fewest(dealt)).add(moved);
        }
    }

    private void swap(Map<String, Set<TopicPartition>> dealt) {
        List<String> names = new ArrayList<>(dealt.keySet());
        String one = names.get((int) world.noise("one", names.size()));
        String other = names.get((int) world.noise("other", names.size()));
        Set<TopicPartition> ofOne = new HashSet<>(share(dealt, one));
        share(dealt, one).clear();
        share(dealt, one).addAll(share(dealt, other));
        share(dealt, other).clear();
        share(dealt, other).addAll(ofOne);
    }

    private static String most(Map<String, Set<TopicPartition>> dealt) {
        return dealt.keySet().stream()
                .max(Comparator.comparingInt(name -> share(dealt, name).size()))
                .orElseThrow();
    }

    private static String fewest(Map<String, Set<TopicPartition>> dealt) {
        return dealt.keySet().stream()
                .min(Comparator.comparingInt(name -> share(dealt, name).size()))
                .orElseThrow();
    }

    private static Set<TopicPartition> share(Map<String, Set<TopicPartition>> dealt, String name) {
        return Objects.requireNonNull(dealt.get(name), name);
    }
}
