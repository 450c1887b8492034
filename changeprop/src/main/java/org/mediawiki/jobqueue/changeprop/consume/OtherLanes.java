package org.mediawiki.jobqueue.changeprop.consume;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.jspecify.annotations.Nullable;
import org.mediawiki.jobqueue.changeprop.ledger.CommitMetadata;
import org.mediawiki.jobqueue.changeprop.offsets.GroupOffsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a lane takes over from another one with a job type that moves: the offsets that the other lane's group has
 * committed, with what their metadata says is finished above them. Once that group has given the partitions up they are
 * committed for this one, and then deleted from the old one, so that they are never found again when they are old.
 *
 * <pre>
 *   nobody in the old group owns it ─▶ read ─▶ commit here ─▶ delete there ─▶ it begins
 *                                       ▲                          │ a member subscribes to it still: it may have
 *                                       └──────── 1 s later ◀──────┘ revoked it and not have committed yet
 * </pre>
 *
 * <p>A crash anywhere in between only repeats it. Blocks; poll thread only.
 */
public final class OtherLanes implements PredecessorOffsets {

    private static final Logger LOG = LoggerFactory.getLogger(OtherLanes.class);

    private final GroupOffsets offsets;
    private final Supplier<Set<String>> otherLanes;
    private Set<TopicPartition> waitedFor = Set.of();
    private boolean toldThatTheyStay;

    /** {@code otherLanes} tells the groups of the service's other lanes; without any nothing is ever asked. */
    public OtherLanes(GroupOffsets offsets, Supplier<Set<String>> otherLanes) {
        this.offsets = offsets;
        this.otherLanes = otherLanes;
    }

    @Override
    public Set<TopicPartition> settle(
            Map<TopicPartition, OffsetAndMetadata> own,
            Set<TopicPartition> taken,
            Consumer<Map<TopicPartition, OffsetAndMetadata>> commit) {
        Set<TopicPartition> held = new HashSet<>();
        for (String group : otherLanes.get()) {
            Set<TopicPartition> ownedThere = intersection(offsets.owned(group), taken);
            Set<TopicPartition> free = new HashSet<>(taken);
            free.removeAll(ownedThere);
            held.addAll(ownedThere);
            held.addAll(takeFrom(group, free, own, commit));
        }
        if (!held.isEmpty() && !held.equals(waitedFor)) {
            LOG.info("{} partitions begin when another lane has given them up, such as {}", held.size(), first(held));
        }
        waitedFor = held;
        return held;
    }

    /** Which of {@code free} could not be taken, since the group is not done with them. */
    private Set<TopicPartition> takeFrom(
            String group,
            Set<TopicPartition> free,
            Map<TopicPartition, OffsetAndMetadata> own,
            Consumer<Map<TopicPartition, OffsetAndMetadata>> commit) {
        // Read after it was seen that nobody owns them: whoever did has committed by then.
        Map<TopicPartition, OffsetAndMetadata> inherited = new HashMap<>(offsets.committed(group));
        inherited.keySet().retainAll(free);
        Set<TopicPartition> left = Set.copyOf(inherited.keySet());
        // Where both have read it, whoever came last has come farther.
        inherited.entrySet().removeIf(offset -> isFarther(own.get(offset.getKey()), offset.getValue()));
        Map<TopicPartition, OffsetAndMetadata> news = new HashMap<>(inherited);
        news.replaceAll((partition, offset) -> together(own.get(partition), offset));
        news.entrySet().removeIf(offset -> offset.getValue().equals(own.get(offset.getKey())));
        if (!news.isEmpty()) {
            commit.accept(news);
        }
        Set<TopicPartition> held = forget(group, left);
        inherited.keySet().removeAll(held);
        if (!inherited.isEmpty()) {
            LOG.info(
                    "Took {} partitions over from group {}, such as {}",
                    inherited.size(),
                    group,
                    first(inherited.keySet()));
        }
        return held;
    }

    /** Which of {@code partitions} a member of the group subscribes to still. */
    private Set<TopicPartition> forget(String group, Set<TopicPartition> partitions) {
        try {
            return offsets.forget(group, partitions);
        } catch (AuthorizationException | UnsupportedVersionException e) {
            if (!toldThatTheyStay) {
                toldThatTheyStay = true;
                LOG.warn("Offsets that other lanes have left cannot be deleted, and stay: {}", e.toString());
            }
            return Set.of();
        }
    }

    private static boolean isFarther(@Nullable OffsetAndMetadata one, OffsetAndMetadata other) {
        return one != null && one.offset() > other.offset();
    }

    /**
     * A job of hours keeps both at one offset. There either may be the older one: the other lane's, where it cannot be
     * deleted; ours, where that lane has committed once more since we asked. What one knows to be finished is finished.
     */
    private static OffsetAndMetadata together(@Nullable OffsetAndMetadata own, OffsetAndMetadata others) {
        if (own == null || own.offset() < others.offset()) {
            return others;
        }
        String metadata = CommitMetadata.together(own.offset(), own.metadata(), others.metadata());
        return metadata.equals(own.metadata()) ? own : new OffsetAndMetadata(own.offset(), own.leaderEpoch(), metadata);
    }

    private static TopicPartition first(Set<TopicPartition> partitions) {
        return partitions.iterator().next();
    }

    private static Set<TopicPartition> intersection(Set<TopicPartition> one, Set<TopicPartition> other) {
        Set<TopicPartition> both = new HashSet<>(one);
        both.retainAll(other);
        return both;
    }
}
