package org.mediawiki.jobqueue.changeprop.fleet;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.TopicPartition;

/** Where a job's record stands; the same whoever polls it, and however often. */
public record Place(TopicPartition partition, long offset) {

    private static final String PREFIX = "handover/";
    private static final Pattern KEY =
            Pattern.compile(PREFIX + "(?<topic>[^/]+)/(?<partition>\\d{1,9})/(?<offset>\\d{1,18})");

    public Place(String topic, int partition, long offset) {
        this(new TopicPartition(topic, partition), offset);
    }

    /** The key of the note about the job. */
    String key() {
        return PREFIX + partition.topic() + "/" + partition.partition() + "/" + offset;
    }

    /** What {@code key} is the note's key of; empty where it is none. */
    static Optional<Place> ofKey(String key) {
        Matcher matcher = KEY.matcher(key);
        return matcher.matches()
                ? Optional.of(new Place(
                        matcher.group("topic"),
                        Integer.parseInt(matcher.group("partition")),
                        Long.parseLong(matcher.group("offset"))))
                : Optional.empty();
    }

    @Override
    public String toString() {
        return partition + " at offset " + offset;
    }
}
