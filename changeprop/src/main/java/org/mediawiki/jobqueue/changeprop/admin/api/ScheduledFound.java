package org.mediawiki.jobqueue.changeprop.admin.api;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Which of some ids wait. What is in neither list is kept by somebody who did not answer.
 *
 * @param waiting ids of jobs that wait
 * @param absent ids of jobs that do not, or not any more
 * @param troubles who could not be asked, where that matters
 */
record ScheduledFound(List<String> waiting, List<String> absent, List<String> troubles) {

    /**
     * What comes of this answer and those of others to the same question. Who waits anywhere, waits: the store of whoever
     * has just lost a partition may be a moment behind. Pure.
     */
    ScheduledFound with(List<ScheduledFound> others) {
        Set<String> here = new LinkedHashSet<>(waiting);
        Set<String> gone = new LinkedHashSet<>(absent);
        List<String> all = new ArrayList<>(troubles);
        for (ScheduledFound other : others) {
            here.addAll(other.waiting());
            gone.addAll(other.absent());
            all.addAll(other.troubles());
        }
        gone.removeAll(here);
        return new ScheduledFound(List.copyOf(here), List.copyOf(gone), all);
    }

    /** That of {@code asked} something is not known is a trouble; where all is, nobody who did not answer is missed. Pure. */
    ScheduledFound ofAsked(int asked) {
        int unknown = asked - waiting.size() - absent.size();
        if (unknown == 0) {
            return new ScheduledFound(waiting, absent, List.of());
        }
        List<String> all = new ArrayList<>(troubles);
        all.add(unknown + " of the ids: kept by nobody who answers now; ask again");
        return new ScheduledFound(waiting, absent, all);
    }
}
