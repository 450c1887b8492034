package org.mediawiki.jobqueue.changeprop.metrics;

import io.micrometer.core.instrument.Tags;
import org.mediawiki.jobqueue.changeprop.dedupe.DedupeListener;
import org.mediawiki.jobqueue.changeprop.dedupe.DuplicateOf;
import org.mediawiki.jobqueue.changeprop.dedupe.StoreTrouble;

/** The meters of one lane's de-duplication. */
final class DedupeMeters implements DedupeListener {

    private final QueueMetrics metrics;
    private final Tags tags;

    DedupeMeters(QueueMetrics metrics, Tags tags) {
        this.metrics = metrics;
        this.tags = tags;
    }

    @Override
    public void duplicate(DuplicateOf kind) {
        count("jobqueue.duplicates", "Jobs recognised as duplicates, by what they repeat.", "of", kind);
    }

    @Override
    public void unchecked(StoreTrouble why) {
        count("jobqueue.dedupe.unchecked", "Jobs taken for new because Redis could not be asked.", "why", why);
    }

    @Override
    public void unremembered(StoreTrouble why) {
        count("jobqueue.dedupe.unremembered", "Finished jobs that Redis could not be told of.", "why", why);
    }

    /** The registry gives back the counter that there is already. */
    private void count(String name, String description, String label, Enum<?> value) {
        metrics.counter(name, description, tags.and(label, EnumLabel.of(value))).increment();
    }
}
