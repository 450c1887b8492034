package org.mediawiki.jobqueue.changeprop.consume;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.mediawiki.jobqueue.changeprop.fleet.Place;
import org.mediawiki.jobqueue.changeprop.ledger.Ending;

/** The partitions' records, and what comes of each where it is run. */
final class ModelLog {

    private final Map<TopicPartition, List<Fate>> partitions = new HashMap<>();

    /** What comes of a job. */
    static final class Fate {

        private final long nanos;
        private final Ending how;
        private int holds;

        /**
         * @param nanos how long it runs; nothing is run of what is scheduled
         * @param how it ends
         * @param holds so many attempts come to nothing before: it must be run again
         */
        Fate(long nanos, Ending how, int holds) {
            this.nanos = nanos;
            this.how = how;
            this.holds = holds;
        }

        long nanos() {
            return nanos;
        }

        Ending how() {
            return how;
        }

        /** Whether the attempt that ends now came to nothing. */
        boolean takeHold() {
            return holds-- > 0;
        }
    }

    ModelLog(Collection<TopicPartition> partitions) {
        partitions.forEach(partition -> this.partitions.put(partition, new ArrayList<>()));
    }

    Set<TopicPartition> partitions() {
        return partitions.keySet();
    }

    void append(TopicPartition partition, Fate fate) {
        fates(partition).add(fate);
    }

    /** The offset that the next record gets. */
    long end(TopicPartition partition) {
        return fates(partition).size();
    }

    Fate of(Place place) {
        return fates(place.partition()).get((int) place.offset());
    }

    private List<Fate> fates(TopicPartition partition) {
        return Objects.requireNonNull(partitions.get(partition), "there is no such partition");
    }
}
