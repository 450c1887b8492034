package org.mediawiki.jobqueue.runner.lane;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * The wikis that one thing blocks: a full section, or what is the matter with a single wiki.
 *
 * <p>Where too many tasks of a type are blocked, the longest wiki of the largest crowd loses its last one (longest
 * queue drop: Suter et al., 1998), so that a million jobs of one place leave to every other place what it needs.
 */
record Crowd(Collection<WikiQueue> wikis) {

    /** The largest of {@code crowds}; empty where no more than {@code most} tasks are in all of them together. */
    static Optional<Crowd> tooMany(List<Crowd> crowds, int most) {
        int blocked = crowds.stream().mapToInt(Crowd::size).sum();
        return blocked <= most ? Optional.empty() : crowds.stream().max(Comparator.comparingInt(Crowd::size));
    }

    int size() {
        return wikis.stream().mapToInt(WikiQueue::size).sum();
    }

    WikiQueue longest() {
        return wikis.stream().max(Comparator.comparingInt(WikiQueue::size)).orElseThrow(NoSuchElementException::new);
    }
}
