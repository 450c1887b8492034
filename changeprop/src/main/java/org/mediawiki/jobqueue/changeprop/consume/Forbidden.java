package org.mediawiki.jobqueue.changeprop.consume;

import java.time.Duration;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.mediawiki.jobqueue.runner.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Topics that brokers let us describe but not read, by a wrong ACL. No more is needed to take one over; then it fails every poll
 * and every commit that others have a part in, for as long as it is among them. So it is set aside: not read, and left out of
 * commits, until a commit of one of its partitions alone is accepted, which takes the same right as reading. Poll thread only.
 */
final class Forbidden {

    /** A topic that was refused is tried again after so long. */
    static final Duration RETRY_INTERVAL = Duration.ofMinutes(1);

    /** Between two trials, each of which keeps other commits waiting for a moment: there may be many such topics. */
    private static final Duration BETWEEN_TRIALS = Duration.ofSeconds(1);

    /** How long polls may go on to fail for what was asked for before: of each partition that was, one does. */
    private static final Duration ECHO = Duration.ofSeconds(1);

    private static final Logger LOG = LoggerFactory.getLogger(Forbidden.class);

    private final Assignment assignment;
    private final Time time;

    /** When each was refused or tried last; in that order. */
    private final Map<String, Long> topics = new LinkedHashMap<>();

    private long triedNanos;

    Forbidden(Assignment assignment, Time time) {
        this.assignment = assignment;
        this.time = time;
        this.triedNanos = time.nanos() - BETWEEN_TRIALS.toNanos();
    }

    /** Whether it is set aside. */
    boolean has(TopicPartition partition) {
        return topics.containsKey(partition.topic());
    }

    /** How many partitions of ours are set aside. */
    int count() {
        return topics.isEmpty()
                ? 0
                : Math.toIntExact(
                        assignment.partitions().stream().filter(this::has).count());
    }

    /**
     * A poll has failed.
     *
     * @return whether the next one does not fail for the same: it was for what is set aside from here on, or was a moment ago
     */
    boolean pollFailed(Exception failure) {
        boolean isOver = false;
        for (String topic : refusedOfOurs(failure)) {
            Long before = topics.get(topic);
            if (before == null) {
                setAside(topic, failure);
            }
            isOver |= before == null || time.nanos() - before < ECHO.toNanos();
        }
        return isOver;
    }

    /**
     * A commit has failed.
     *
     * @return whether it was for what is set aside from here on, so that the next one may succeed
     */
    boolean commitFailed(Exception failure) {
        Set<String> refused = refusedOfOurs(failure);
        refused.forEach(topic -> setAside(topic, failure));
        return !refused.isEmpty();
    }

    /** A commit of these has arrived. */
    void committed(Set<TopicPartition> partitions) {
        if (topics.isEmpty()) {
            return;
        }
        partitions.forEach(partition -> {
            if (topics.remove(partition.topic()) != null) {
                LOG.info("{} may be read again", partition.topic());
            }
        });
    }

    /** A partition of a topic that is to be tried again now, by a commit of it alone; it counts as tried. */
    Optional<TopicPartition> takeTrial() {
        long now = time.nanos();
        Iterator<Map.Entry<String, Long>> all = topics.entrySet().iterator();
        if (!all.hasNext() || now - triedNanos < BETWEEN_TRIALS.toNanos()) {
            return Optional.empty();
        }
        Map.Entry<String, Long> oldest = all.next();
        if (now - oldest.getValue() < RETRY_INTERVAL.toNanos()) {
            return Optional.empty();
        }
        String topic = oldest.getKey();
        all.remove();
        Optional<TopicPartition> trial = assignment.partitions().stream()
                .filter(partition -> partition.topic().equals(topic))
                .findFirst();
        // What is not ours any more is forgotten.
        trial.ifPresent(ignored -> {
            topics.put(topic, now);
            triedNanos = now;
        });
        return trial;
    }

    private void setAside(String topic, Exception failure) {
        topics.remove(topic);
        topics.put(topic, time.nanos());
        LOG.error(
                "{} may be described but not read: its jobs wait, the others go on, it is tried again in {}."
                        + " Allow this service to read it",
                topic,
                RETRY_INTERVAL,
                failure);
    }

    private Set<String> refusedOfOurs(Exception failure) {
        if (!(failure instanceof TopicAuthorizationException refusal)) {
            return Set.of();
        }
        Set<String> refused = new HashSet<>(refusal.unauthorizedTopics());
        refused.retainAll(
                assignment.partitions().stream().map(TopicPartition::topic).collect(Collectors.toSet()));
        return refused;
    }
}
