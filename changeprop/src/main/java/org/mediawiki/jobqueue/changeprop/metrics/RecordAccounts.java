package org.mediawiki.jobqueue.changeprop.metrics;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.mediawiki.jobqueue.changeprop.consume.ConsumptionListener;
import org.mediawiki.jobqueue.changeprop.ledger.Ending;
import org.mediawiki.jobqueue.changeprop.topic.Topics;

/**
 * Every record of a lane is accounted for: {@code polled = done + retried + scheduled + dead + skipped + released +
 * open}, at every scrape (SPEC guarantee 9).
 *
 * <p>The poll thread writes while scrapes read meter by meter, so a scrape first {@linkplain #publish publishes} the
 * state of one moment and reads only that.
 */
public final class RecordAccounts implements ConsumptionListener {

    private final String lane;
    private final Topics topics;
    private final QueueMetrics metrics;
    private final Map<String, Account> byLabel = new HashMap<>();
    private final Map<TopicPartition, Account> byPartition = new HashMap<>();

    public RecordAccounts(String lane, Topics topics, QueueMetrics metrics) {
        this.lane = lane;
        this.topics = topics;
        this.metrics = metrics;
    }

    @Override
    public synchronized void polled(TopicPartition partition) {
        Account account = accountOf(partition);
        account.polled++;
        account.open++;
    }

    @Override
    public synchronized void passed(TopicPartition partition) {
        Account account = accountOf(partition);
        account.polled++;
        account.ended.merge(Ending.SKIPPED, 1L, Long::sum);
    }

    @Override
    public synchronized void settled(TopicPartition partition, Ending ending) {
        Account account = accountOf(partition);
        account.open--;
        account.ended.merge(ending, 1L, Long::sum);
    }

    /**
     * Makes the state of this moment the one that scrapes read. Any thread.
     *
     * @param unpolled how many records stand in Kafka behind where each partition has been polled to
     */
    public synchronized void publish(Map<TopicPartition, Long> unpolled) {
        Map<Account, Long> sums = new HashMap<>();
        unpolled.forEach((partition, records) -> sums.merge(accountOf(partition), records, Long::sum));
        byLabel.values().forEach(account -> account.publish(sums.getOrDefault(account, 0L)));
    }

    private Account accountOf(TopicPartition partition) {
        return byPartition.computeIfAbsent(
                partition, p -> accountOf(topics.parse(p.topic()).orElseThrow().type()));
    }

    private Account accountOf(String type) {
        return byLabel.computeIfAbsent(metrics.typeLabel(type), label -> {
            Account account = new Account();
            metrics.export(lane, label, account);
            return account;
        });
    }

    /**
     * The accounts of one job type, or of all that share a label. The first three fields are guarded by the monitor of the {@link RecordAccounts} that
     * holds them; scrapes read the snapshot without it.
     */
    static final class Account {

        private long polled;
        private long open;
        private final Map<Ending, Long> ended = new EnumMap<>(Ending.class);
        private volatile Snapshot published = new Snapshot(0, 0, Map.of(), 0);

        private record Snapshot(long polled, long open, Map<Ending, Long> ended, long unpolled) {}

        double publishedPolled() {
            return published.polled();
        }

        double publishedOpen() {
            return published.open();
        }

        double publishedLag() {
            Snapshot now = published;
            return now.open() + now.unpolled();
        }

        double publishedEnded(Ending ending) {
            return published.ended().getOrDefault(ending, 0L);
        }

        private void publish(long unpolled) {
            published = new Snapshot(polled, open, Map.copyOf(ended), unpolled);
        }
    }
}
