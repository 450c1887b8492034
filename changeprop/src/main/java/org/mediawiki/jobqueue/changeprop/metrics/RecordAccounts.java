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
    private final Map<String, Account> byType = new HashMap<>();
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

    /** Makes the state of this moment the one that scrapes read. Any thread. */
    public synchronized void publish() {
        byType.values().forEach(Account::publish);
    }

    private Account accountOf(TopicPartition partition) {
        return byPartition.computeIfAbsent(
                partition, p -> accountOf(topics.parse(p.topic()).orElseThrow().type()));
    }

    private Account accountOf(String type) {
        return byType.computeIfAbsent(type, ignored -> {
            Account account = new Account();
            metrics.export(lane, type, account);
            return account;
        });
    }

    /**
     * The accounts of one job type. The first three fields are guarded by the monitor of the {@link RecordAccounts} that
     * holds them; scrapes read the snapshot without it.
     */
    static final class Account {

        private long polled;
        private long open;
        private final Map<Ending, Long> ended = new EnumMap<>(Ending.class);
        private volatile Snapshot published = new Snapshot(0, 0, Map.of());

        private record Snapshot(long polled, long open, Map<Ending, Long> ended) {}

        double publishedPolled() {
            return published.polled();
        }

        double publishedOpen() {
            return published.open();
        }

        double publishedEnded(Ending ending) {
            return published.ended().getOrDefault(ending, 0L);
        }

        private void publish() {
            published = new Snapshot(polled, open, Map.copyOf(ended));
        }
    }
}
