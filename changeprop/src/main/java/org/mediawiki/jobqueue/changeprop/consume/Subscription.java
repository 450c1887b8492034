package org.mediawiki.jobqueue.changeprop.consume;

import java.util.regex.Pattern;
import org.mediawiki.jobqueue.changeprop.assign.Strays;
import org.mediawiki.jobqueue.changeprop.consume.PollLoop.Settings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the lane consumes, which may change while it does. Poll thread only, but for {@link #change}. */
final class Subscription {

    private static final Logger LOG = LoggerFactory.getLogger(Subscription.class);

    private final ReplaceableConsumer consumer;
    private final Pauses pauses;
    private final Rebalance rebalance;
    private final Strays strays;

    /** Written by whoever changes it, read by the poll thread. */
    private volatile Settings wanted;

    /** What of it the poll thread has made known to the consumer. */
    private Settings followed;

    Subscription(ReplaceableConsumer consumer, Pauses pauses, Rebalance rebalance, Settings settings, Strays strays) {
        this.consumer = consumer;
        this.pauses = pauses;
        this.rebalance = rebalance;
        this.strays = strays;
        this.wanted = settings;
        this.followed = settings;
    }

    /** From here on. Any thread. */
    void change(Settings next) {
        wanted = next;
    }

    /** Tells the consumer of the moment. */
    void subscribe() {
        consumer.current().subscribe(Pattern.compile(followed.topicPattern()), rebalance);
    }

    /** Partitions that are the lane's no longer are revoked in the polls that follow, and those that stay go on. */
    void keepUp() {
        if (strays.takeDue()) {
            consumer.current().enforceRebalance("a topic waits in vain for the owner of its unit");
        }
        Settings next = wanted;
        if (next.equals(followed)) {
            return;
        }
        Settings before = followed;
        followed = next;
        pauses.change(next.flowControl());
        if (!next.topicPattern().equals(before.topicPattern())) {
            LOG.info("Subscribing to other topics: {}", next.topicPattern());
            subscribe();
        }
        if (!next.pools().equals(before.pools())) {
            consumer.current().enforceRebalance("other job types share limits");
        }
    }
}
