package org.mediawiki.jobqueue.changeprop.metrics;

import io.micrometer.core.instrument.Tags;
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
 * state of one moment and reads only that. While {@linkplain Pages a page} is read, nothing is published.
 */
public final class RecordAccounts implements ConsumptionListener {

    private final String lane;
    private final Topics topics;
    private final Meters meters;
    private final Pages pages;
    private final BoundedLabel typeLabels;
    private final Map<String, Account> byLabel = new HashMap<>();
    private final Map<TopicPartition, Holding> byPartition = new HashMap<>();

    RecordAccounts(Meters meters, Pages pages, BoundedLabel typeLabels, String lane, Topics topics) {
        this.meters = meters;
        this.pages = pages;
        this.typeLabels = typeLabels;
        this.lane = lane;
        this.topics = topics;
    }

    @Override
    public synchronized void polled(TopicPartition partition) {
        holdingOf(partition).open(1);
    }

    @Override
    public synchronized void passed(TopicPartition partition) {
        Holding holding = holdingOf(partition);
        holding.open(1);
        holding.end(Ending.SKIPPED, 1);
    }

    @Override
    public synchronized void settled(TopicPartition partition, Ending ending) {
        holdingOf(partition).end(ending, 1);
    }

    /**
     * Makes the state of this moment the one that scrapes read, unless one is under way. Any thread.
     *
     * @param unpolled how many records stand in Kafka behind where each partition has been polled to
     */
    public synchronized void publish(Map<TopicPartition, Long> unpolled) {
        byPartition.values().forEach(holding -> holding.moveTo(accountOf(holding.type)));
        Map<Account, Long> sums = new HashMap<>();
        unpolled.forEach((partition, records) -> sums.merge(holdingOf(partition).account, records, Long::sum));
        pages.change(() -> byLabel.values().forEach(account -> account.publish(sums.getOrDefault(account, 0L))));
    }

    private Holding holdingOf(TopicPartition partition) {
        return byPartition.computeIfAbsent(partition, p -> {
            String type = topics.parse(p.topic()).orElseThrow().type();
            return new Holding(type, accountOf(type));
        });
    }

    private Account accountOf(String type) {
        return byLabel.computeIfAbsent(typeLabels.of(type), label -> {
            Account account = new Account();
            account.export(meters, Tags.of("lane", lane, "type", label));
            return account;
        });
    }

    /** What a partition has in the accounts of its type. Guarded by the monitor of its {@link RecordAccounts}. */
    private static final class Holding {

        private final String type;
        private Account account;
        private long open;

        Holding(String type, Account account) {
            this.type = type;
            this.account = account;
        }

        void open(long records) {
            open += records;
            account.open += records;
            account.polled += records;
        }

        void end(Ending ending, long records) {
            open -= records;
            account.open -= records;
            account.ended.merge(ending, records, Long::sum);
        }

        /**
         * Where the type has a label of its own by now, for the configuration names it, what is open goes along, as if
         * it were given back and polled again: so every account balances.
         */
        void moveTo(Account present) {
            if (present != account) {
                long records = open;
                end(Ending.RELEASED, records);
                account = present;
                open(records);
            }
        }
    }

    /**
     * The accounts of one job type, or of all that share a label. The first three fields are guarded by the monitor of
     * the {@link RecordAccounts} that holds them; scrapes read the snapshot without it.
     */
    private static final class Account {

        private long polled;
        private long open;
        private final Map<Ending, Long> ended = new EnumMap<>(Ending.class);
        private volatile Snapshot published = new Snapshot(0, 0, Map.of(), 0);

        private record Snapshot(long polled, long open, Map<Ending, Long> ended, long unpolled) {

            long lag() {
                return open + unpolled;
            }
        }

        void export(Meters meters, Tags tags) {
            meters.counter(
                    "jobqueue.records.polled",
                    "Records polled: the sum of the endings and of what is open.",
                    tags,
                    this,
                    account -> account.published.polled());
            for (Ending ending : Ending.values()) {
                meters.counter(
                        "jobqueue.records.ended",
                        "Records that left our hands, by how.",
                        tags.and("ending", EnumLabel.of(ending)),
                        this,
                        account -> account.published.ended().getOrDefault(ending, 0L));
            }
            meters.gauge(
                    "jobqueue.records.open",
                    "Records polled and not ended: waiting for their time, for a slot, or running.",
                    tags,
                    this,
                    account -> account.published.open());
            meters.gauge(
                    "jobqueue.lag.jobs",
                    "Records that have not ended, those that stand in Kafka and were not polled included.",
                    tags,
                    this,
                    account -> account.published.lag());
        }

        private void publish(long unpolled) {
            published = new Snapshot(polled, open, Map.copyOf(ended), unpolled);
        }
    }
}
