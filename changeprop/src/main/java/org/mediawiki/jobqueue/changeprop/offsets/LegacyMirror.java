package org.mediawiki.jobqueue.changeprop.offsets;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the legacy service's groups where ours stand (SPEC section 3), so that its lag alerts go on working, and it can
 * take over again where we stopped. Each instance does so for what it owns, every 5 s, on a thread of its own. A group
 * that has members is left alone: it is the legacy service at work.
 */
public final class LegacyMirror {

    private static final Duration INTERVAL = Duration.ofSeconds(5);
    private static final Logger LOG = LoggerFactory.getLogger(LegacyMirror.class);

    private final GroupOffsets offsets;
    private final LegacyGroups legacy;
    private final String group;
    private final String member;
    private final ScheduledExecutorService thread;

    /** Where the legacy groups are known to stand. The mirror's thread only, as everything below. */
    private final Map<String, Map<TopicPartition, OffsetAndMetadata>> committed = new HashMap<>();

    private final Set<TopicPartition> known = new HashSet<>();
    private Set<TopicPartition> owned = Set.of();
    private final Set<String> busy = new HashSet<>();
    private boolean inTrouble;

    /**
     * A mirror that has not begun.
     *
     * @param group ours
     * @param member this instance's name there
     */
    public LegacyMirror(GroupOffsets offsets, LegacyGroups legacy, String group, String member) {
        this.offsets = offsets;
        this.legacy = legacy;
        this.group = group;
        this.member = member;
        this.thread = Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "mirror-" + group));
    }

    /** Begins. Any thread. */
    public void start() {
        var unused = thread.scheduleWithFixedDelay(this::turn, 0, INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Copies once more what this instance has last owned, and ends; waits for {@code patience} at most. Blocks. */
    public void close(Duration patience) throws InterruptedException {
        thread.execute(() -> guarded(() -> mirror(owned)));
        thread.shutdown();
        if (!thread.awaitTermination(patience.toMillis(), TimeUnit.MILLISECONDS)) {
            thread.shutdownNow();
        }
    }

    private void turn() {
        guarded(() -> {
            owned = offsets.ownedBy(group, member);
            mirror(owned);
        });
    }

    private void guarded(Runnable work) {
        try {
            work.run();
            if (inTrouble) {
                LOG.info("The legacy groups are kept up to date again");
                inTrouble = false;
            }
        } catch (KafkaException e) {
            if (!inTrouble) {
                LOG.warn("The legacy groups cannot be kept up to date, which is tried again: {}", e.toString());
                inTrouble = true;
            }
        } catch (RuntimeException e) {
            LOG.error("The legacy groups were not kept up to date", e);
        }
    }

    private void mirror(Set<TopicPartition> partitions) {
        learn(partitions);
        if (!partitions.isEmpty()) {
            committed.put(group, offsets.committed(group));
            Transfer.toLegacy(partitions, legacy, group, committed).commits().forEach(this::commit);
        }
    }

    /** Which groups read what is new here, and where they stand. */
    private void learn(Set<TopicPartition> partitions) {
        // Whoever has owned one meanwhile has moved it on.
        known.retainAll(partitions);
        if (!known.containsAll(partitions)) {
            committed.putAll(offsets.committed(legacy.candidates(partitions)));
            known.addAll(partitions);
        }
    }

    private void commit(String heir, Map<TopicPartition, OffsetAndMetadata> commits) {
        if (offsets.commit(heir, commits)) {
            committed.computeIfAbsent(heir, unknown -> new HashMap<>()).putAll(commits);
            if (busy.remove(heir)) {
                LOG.info("The legacy group {} has no members any more, and is kept up to date", heir);
            }
            return;
        }
        // It moves on by itself, so what is known of it is not true any more.
        known.removeAll(commits.keySet());
        if (busy.add(heir)) {
            LOG.warn("The legacy group {} has members, so it is at work itself and is not kept up to date", heir);
        }
    }
}
