package org.mediawiki.jobqueue.changeprop.consume;

import java.util.EnumMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.mediawiki.jobqueue.changeprop.ledger.Ending;

/** Counts what it is told. */
final class Tally implements ConsumptionListener {

    private final Map<Ending, Integer> ended = new EnumMap<>(Ending.class);
    private int polled;
    private int passed;

    @Override
    public void polled(TopicPartition partition) {
        polled++;
    }

    @Override
    public void passed(TopicPartition partition) {
        passed++;
    }

    @Override
    public void settled(TopicPartition partition, Ending ending) {
        ended.merge(ending, 1, Integer::sum);
    }

    int open() {
        return polled - ended.values().stream().mapToInt(Integer::intValue).sum();
    }

    int passed() {
        return passed;
    }

    int ended(Ending ending) {
        return ended.getOrDefault(ending, 0);
    }
}
