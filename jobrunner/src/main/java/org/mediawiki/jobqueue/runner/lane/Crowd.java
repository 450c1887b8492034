package org.mediawiki.jobqueue.runner.lane;

import java.util.Collection;
import java.util.Comparator;
import java.util.NoSuchElementException;

/**
 * The wikis that one thing blocks: a full section, or what is the matter with a single wiki.
 *
 * @param places how many their waiting tasks take
 */
record Crowd(Collection<WikiQueue> wikis, int places) {

    static Crowd of(Collection<WikiQueue> wikis) {
        return new Crowd(wikis, wikis.stream().mapToInt(WikiQueue::places).sum());
    }

    WikiQueue longest() {
        return wikis.stream().max(Comparator.comparingInt(WikiQueue::places)).orElseThrow(NoSuchElementException::new);
    }
}
