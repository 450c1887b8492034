package org.mediawiki.jobqueue.changeprop.admin.api;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.mediawiki.jobqueue.changeprop.schedule.WaitingId;
import org.mediawiki.jobqueue.changeprop.schedule.WaitingJobs;

/**
 * Jobs that wait, in order of due time; those that are due at once in the order of {@link WaitingId#BY_DUE}.
 *
 * @param troubles instances that could not be asked: what they keep is missing
 * @param next where to go on; null at the end
 */
record ScheduledPage(
        List<ScheduledItem> jobs,
        List<String> troubles,
        @Nullable String next) {

    static ScheduledPage of(WaitingJobs.Page<ScheduledItem> page) {
        return new ScheduledPage(page.items(), List.of(), page.next().orElse(null));
    }

    static ScheduledPage nothing(String trouble) {
        return new ScheduledPage(List.of(), List.of(trouble), null);
    }

    /** The first {@code limit} of this page and of others that begin at the same place. Pure. */
    ScheduledPage with(List<ScheduledPage> others, int limit) {
        List<String> all = new ArrayList<>(troubles);
        boolean more = next != null;
        for (ScheduledPage other : others) {
            all.addAll(other.troubles());
            more |= other.next() != null;
        }
        List<ScheduledItem> items = inOrder(others);
        List<ScheduledItem> page = List.copyOf(items.subList(0, Math.min(limit, items.size())));
        boolean goesOn = !page.isEmpty() && (more || items.size() > limit);
        return new ScheduledPage(page, all, goesOn ? page.get(page.size() - 1).id() : null);
    }

    private record Placed(WaitingId id, ScheduledItem item) {}

    /** By what an id says and not by its text: each instance passes over what comes before the last id of a page. */
    private List<ScheduledItem> inOrder(List<ScheduledPage> others) {
        return Stream.concat(Stream.of(this), others.stream())
                .flatMap(page -> page.jobs().stream())
                .map(item -> new Placed(id(item), item))
                .sorted(Comparator.comparing(Placed::id, WaitingId.BY_DUE))
                .map(Placed::item)
                .toList();
    }

    private static WaitingId id(ScheduledItem item) {
        return WaitingId.parse(item.id())
                .orElseThrow(() -> new IllegalStateException("an instance lists what has no id: " + item.id()));
    }
}
