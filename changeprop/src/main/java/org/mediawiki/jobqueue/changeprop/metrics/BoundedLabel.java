package org.mediawiki.jobqueue.changeprop.metrics;

import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The values of a label that somebody else chooses, such as job types: whoever may write to Kafka may invent some. So
 * many have series of their own, those that come first; all others share one. Any thread.
 */
final class BoundedLabel {

    /** The value that all others share. */
    static final String OTHER = "other";

    private final int most;
    private final Set<String> own = ConcurrentHashMap.newKeySet();

    /** At most {@code most} values, {@link #OTHER} not among them. */
    BoundedLabel(int most) {
        this.most = most;
    }

    /** These have series of their own, however many there are and whatever came before. */
    void keep(Collection<String> values) {
        own.addAll(values);
    }

    /** What stands in the label for {@code value}; the same for ever, but for one that is {@linkplain #keep kept} later. */
    String of(String value) {
        if (own.contains(value)) {
            return value;
        }
        // Synchronized so that the bound is exact; reached once for each value that has a place.
        synchronized (own) {
            boolean hasPlace = own.contains(value) || (own.size() < most && own.add(value));
            return hasPlace ? value : OTHER;
        }
    }
}
