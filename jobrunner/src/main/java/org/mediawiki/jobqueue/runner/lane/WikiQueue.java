package org.mediawiki.jobqueue.runner.lane;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Iterator;
import java.util.OptionalInt;
import java.util.function.Predicate;

/** The waiting jobs of one type on one wiki, first come first served. */
final class WikiQueue implements Turns.Member {

    private final String wiki;
    private final Section section;
    private final OptionalInt limit;
    private final Holds holds;
    private final Deque<Task> waiting = new ArrayDeque<>();
    private int running;

    WikiQueue(String wiki, Section section, OptionalInt limit, Holds holds) {
        this.wiki = wiki;
        this.section = section;
        this.limit = limit;
        this.holds = holds;
    }

    String wiki() {
        return wiki;
    }

    Section section() {
        return section;
    }

    /** Where only the section has no room, the wiki parks itself there. */
    @Override
    public boolean ready() {
        if (waiting.isEmpty() || !belowLimit() || !holds.wikiAdmits(wiki)) {
            return false;
        }
        if (!section.hasRoom()) {
            section.park(this);
            return false;
        }
        return true;
    }

    void add(Task task) {
        waiting.addLast(task);
    }

    void addFirst(Task task) {
        waiting.addFirst(task);
    }

    Task take() {
        running++;
        section.taken();
        return waiting.removeFirst();
    }

    void finished() {
        running--;
    }

    /** Moves the waiting tasks that {@code wanted} accepts to {@code withdrawn}. */
    int withdraw(Predicate<Task> wanted, Collection<Task> withdrawn) {
        int before = withdrawn.size();
        for (Iterator<Task> tasks = waiting.iterator(); tasks.hasNext(); ) {
            Task task = tasks.next();
            if (wanted.test(task)) {
                tasks.remove();
                withdrawn.add(task);
            }
        }
        return withdrawn.size() - before;
    }

    boolean isIdle() {
        return waiting.isEmpty() && running == 0;
    }

    private boolean belowLimit() {
        return limit.isEmpty() || running < limit.getAsInt();
    }
}
