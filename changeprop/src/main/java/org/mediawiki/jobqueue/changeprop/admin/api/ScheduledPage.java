package org.mediawiki.jobqueue.changeprop.admin.api;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.mediawiki.jobqueue.changeprop.schedule.WaitingJobs;

/**
 * Jobs that wait, in order of due time.
 *
 * @param troubles instances that could not be asked: what they keep is missing
 * @param next where to go on; null at the end
 */
record ScheduledPage(
        List<ScheduledItem> jobs,
        List<String> troubles,
        @Nullable String next) {

    static ScheduledPage of(WaitingJobs.Page page) {
        return new ScheduledPage(
                page.waiting().stream().map(ScheduledItem::of).toList(),
                List.of(),
                page.next().orElse(null));
    }

    static ScheduledPage nothing(String trouble) {
        return new ScheduledPage(List.of(), List.of(trouble), null);
    }

    /** The first {@code limit} of this page and of others that begin at the same place. Pure. */
    ScheduledPage with(List<ScheduledPage> others, int limit) {
        List<ScheduledItem> items = new ArrayList<>(jobs);
        List<String> all = new ArrayList<>(troubles);
        boolean more = next != null;
        for (ScheduledPage other : others) {
            items.addAll(other.jobs());
            all.addAll(other.troubles());
            more |= other.next() != null;
        }
        items.sort(Comparator.comparing(ScheduledItem::due).thenComparing(ScheduledItem::id));
        List<ScheduledItem> page = List.copyOf(items.subList(0, Math.min(limit, items.size())));
        boolean goesOn = !page.isEmpty() && (more || items.size() > limit);
        return new ScheduledPage(page, all, goesOn ? page.get(page.size() - 1).id() : null);
    }
}
