package org.mediawiki.jobqueue.changeprop.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Tags;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.mediawiki.jobqueue.changeprop.dedupe.DedupeListener;
import org.mediawiki.jobqueue.changeprop.dedupe.DuplicateOf;
import org.mediawiki.jobqueue.changeprop.dedupe.StoreTrouble;

/**
 * The meters of one lane's de-duplication. All are there from the start: a counter that appears with its first event has
 * no rate for it.
 */
final class DedupeMeters implements DedupeListener {

    private final Map<DuplicateOf, Counter> duplicates = new EnumMap<>(DuplicateOf.class);
    private final Map<StoreTrouble, Counter> unchecked = new EnumMap<>(StoreTrouble.class);
    private final Map<StoreTrouble, Counter> unremembered = new EnumMap<>(StoreTrouble.class);

    DedupeMeters(Meters meters, Tags tags) {
        for (DuplicateOf kind : DuplicateOf.values()) {
            duplicates.put(
                    kind,
                    meters.counter(
                            "jobqueue.duplicates",
                            "Jobs recognised as duplicates, by what they repeat.",
                            tags.and("of", EnumLabel.of(kind))));
        }
        for (StoreTrouble why : StoreTrouble.values()) {
            Tags tagsOfWhy = tags.and("why", EnumLabel.of(why));
            unchecked.put(
                    why,
                    meters.counter(
                            "jobqueue.dedupe.unchecked",
                            "Jobs taken for new because Redis could not be asked.",
                            tagsOfWhy));
            unremembered.put(
                    why,
                    meters.counter(
                            "jobqueue.dedupe.unremembered",
                            "Finished jobs that Redis could not be told of.",
                            tagsOfWhy));
        }
    }

    @Override
    public void duplicate(DuplicateOf kind) {
        Objects.requireNonNull(duplicates.get(kind)).increment();
    }

    @Override
    public void unchecked(StoreTrouble why) {
        Objects.requireNonNull(unchecked.get(why)).increment();
    }

    @Override
    public void unremembered(StoreTrouble why) {
        Objects.requireNonNull(unremembered.get(why)).increment();
    }
}
