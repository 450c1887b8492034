package org.mediawiki.jobqueue.changeprop.offsets;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Which offsets go from which group to which. Pure.
 *
 * @param entries by topic, partition and group
 * @param unknown partitions that the groups they should come from know nothing of
 */
public record Transfer(List<Entry> entries, List<TopicPartition> unknown) {

    private static final Comparator<TopicPartition> BY_NAME =
            Comparator.comparing(TopicPartition::topic).thenComparingInt(TopicPartition::partition);

    /** The legacy service's metadata means nothing here, nor ours there. */
    private static final String NO_METADATA = "";

    public Transfer {
        entries = List.copyOf(entries);
        unknown = List.copyOf(unknown);
    }

    /** What is to become of an offset. */
    public enum Decision {
        /** It is committed for the group. */
        WRITE,
        /** The group stands there already. */
        SAME,
        /** The group has come farther already, and is not set back. */
        FARTHER
    }

    /**
     * An offset.
     *
     * @param from the group that has committed it
     * @param to the group that it is for
     * @param before where that group stood
     */
    public record Entry(
            TopicPartition partition, String from, String to, long offset, Optional<Long> before, Decision decision) {}

    /**
     * From the legacy groups to one of ours. Ours is never set back: jobs would run again.
     *
     * @param partitions of the topics of our group
     * @param committed what each group has committed, the legacy ones and {@code ours}
     */
    public static Transfer toOurs(
            Collection<TopicPartition> partitions,
            LegacyGroups legacy,
            String ours,
            Map<String, Map<TopicPartition, OffsetAndMetadata>> committed) {
        List<Entry> entries = new ArrayList<>();
        List<TopicPartition> unknown = new ArrayList<>();
        partitions.stream()
                .sorted(BY_NAME)
                .forEach(partition -> legacy.farthest(partition, committed)
                        .ifPresentOrElse(
                                found -> {
                                    Optional<Long> before = at(committed, ours, partition);
                                    boolean isFarther = before.filter(offset -> offset > found.offset())
                                            .isPresent();
                                    entries.add(new Entry(
                                            partition,
                                            found.group(),
                                            ours,
                                            found.offset(),
                                            before,
                                            isFarther ? Decision.FARTHER : writeUnlessThere(before, found.offset())));
                                },
                                () -> unknown.add(partition)));
        return new Transfer(entries, unknown);
    }

    /**
     * From one of our groups to the legacy ones, which are set to where ours stands, be it forward or back.
     *
     * @param partitions of the topics of our group
     * @param committed what each group has committed, the legacy ones and {@code ours}
     */
    public static Transfer toLegacy(
            Collection<TopicPartition> partitions,
            LegacyGroups legacy,
            String ours,
            Map<String, Map<TopicPartition, OffsetAndMetadata>> committed) {
        List<Entry> entries = new ArrayList<>();
        List<TopicPartition> unknown = new ArrayList<>();
        partitions.stream()
                .sorted(BY_NAME)
                .forEach(partition -> at(committed, ours, partition)
                        .ifPresentOrElse(
                                offset -> legacy.heirs(partition, committed).forEach(heir -> {
                                    Optional<Long> before = at(committed, heir, partition);
                                    entries.add(new Entry(
                                            partition, ours, heir, offset, before, writeUnlessThere(before, offset)));
                                }),
                                () -> unknown.add(partition)));
        return new Transfer(entries, unknown);
    }

    /** How many entries have this decision. */
    public long count(Decision decision) {
        return entries.stream().filter(entry -> entry.decision() == decision).count();
    }

    /** What is to be committed, by group. */
    public Map<String, Map<TopicPartition, OffsetAndMetadata>> commits() {
        return entries.stream()
                .filter(entry -> entry.decision() == Decision.WRITE)
                .collect(Collectors.groupingBy(
                        Entry::to,
                        TreeMap::new,
                        Collectors.toMap(
                                Entry::partition,
                                entry -> new OffsetAndMetadata(entry.offset(), NO_METADATA),
                                (one, other) -> one,
                                HashMap::new)));
    }

    private static Decision writeUnlessThere(Optional<Long> before, long offset) {
        return before.filter(there -> there == offset).isPresent() ? Decision.SAME : Decision.WRITE;
    }

    private static Optional<Long> at(
            Map<String, Map<TopicPartition, OffsetAndMetadata>> committed, String group, TopicPartition partition) {
        return Optional.ofNullable(committed.getOrDefault(group, Map.of()).get(partition))
                .map(OffsetAndMetadata::offset);
    }
}
