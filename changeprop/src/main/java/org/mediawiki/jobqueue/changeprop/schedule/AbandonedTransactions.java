package org.mediawiki.jobqueue.changeprop.schedule;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.KafkaException;
import org.mediawiki.jobqueue.changeprop.kafka.Answers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the transactions that a killed instance has left open. Until then nobody can take over what it kept, nor read
 * behind what it wrote last; the brokers end them by themselves when {@code transaction.timeout.ms} has passed and they
 * look next, which takes up to 20 s.
 *
 * <p>Whoever is no member of the group any more but lives (it stood still) is fenced: its next write fails, and it joins
 * again. Blocks. Whoever may not list or end transactions waits for the brokers.
 */
final class AbandonedTransactions {

    private static final Logger LOG = LoggerFactory.getLogger(AbandonedTransactions.class);

    private final Admin admin;
    private final String application;
    private final ProcessIds processes;
    private boolean told;

    AbandonedTransactions(Admin admin, String application) {
        this.admin = admin;
        this.application = application;
        this.processes = new ProcessIds(application);
    }

    /** Ends those of every process that has left the group. */
    void end() {
        try {
            // In this order: whoever begins a transaction has been a member before.
            Map<String, UUID> open = open();
            if (open.isEmpty()) {
                return;
            }
            Set<UUID> present = present();
            List<String> abandoned = open.keySet().stream()
                    .filter(id -> !present.contains(open.get(id)))
                    .toList();
            if (!abandoned.isEmpty()) {
                Answers.await(admin.fenceProducers(abandoned).all());
                LOG.info("Ended what instances that are gone have left open: {}", abandoned);
            }
        } catch (KafkaException e) {
            if (told) {
                LOG.debug("Transactions of instances that are gone still cannot be ended", e);
            } else {
                LOG.warn("Transactions of instances that are gone end only by their timeout: {}", e.toString());
                told = true;
            }
        }
    }

    /** Whose each is. */
    private Map<String, UUID> open() {
        Map<String, UUID> open = new HashMap<>();
        ListTransactionsOptions ongoing = new ListTransactionsOptions().filterStates(Set.of(TransactionState.ONGOING));
        for (TransactionListing listing :
                Answers.await(admin.listTransactions(ongoing).all())) {
            String id = listing.transactionalId();
            processes.ofTransactions(id).ifPresent(process -> open.put(id, process));
        }
        return open;
    }

    private Set<UUID> present() {
        return Answers.await(admin.describeConsumerGroups(Set.of(application)).all()).values().stream()
                .flatMap(group -> group.members().stream())
                .map(processes::of)
                .collect(Collectors.toSet());
    }
}
