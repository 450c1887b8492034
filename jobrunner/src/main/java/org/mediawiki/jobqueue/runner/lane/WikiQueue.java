package org.mediawiki.jobqueue.runner.lane;

import java.time.Duration;
import java.util.Collection;
import java.util.Iterator;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import org.mediawiki.jobqueue.runner.Job;

/** The waiting jobs of one type on one wiki, first come first served. */
final class WikiQueue implements RoundRobin.Member, SharedLimit.Guest {

    private final String wiki;
    private TypeSection section;
    private SharedLimit limit;
    private final Holds holds;
    private final ReturnTimes returnTimes = new ReturnTimes();
    private final TreeMap<Long, Ticket> waiting = new TreeMap<>();
    private int places;
    private int running;

    /** {@code limit} is that of the wiki, which it shares with the other types of the pool. */
    WikiQueue(String wiki, TypeSection section, SharedLimit limit, Holds holds) {
        this.wiki = wiki;
        this.section = section;
        this.limit = limit;
        this.holds = holds;
    }

    String wiki() {
        return wiki;
    }

    TypeSection section() {
        return section;
    }

    int size() {
        return waiting.size();
    }

    /** How many its waiting tasks take, of those for blocked tasks. */
    int places() {
        return places;
    }

    /** What keeps all of them from starting; null where nothing does. */
    @Nullable
    Blockage blockage() {
        if (!holds.wikiAdmits(wiki)) {
            return Blockage.WIKI_HELD;
        }
        if (limit.isFull()) {
            return Blockage.WIKI_FULL;
        }
        return section.isFull() ? Blockage.SECTION_FULL : null;
    }

    /** One that is blocked is set aside until what blocks it is over. */
    @Override
    public boolean ready() {
        if (waiting.isEmpty()) {
            section.nothingToDo(this);
            return false;
        }
        Blockage blockage = blockage();
        if (blockage == null) {
            return true;
        }
        if (blockage == Blockage.WIKI_FULL) {
            limit.await(this);
        }
        section.setAside(this, blockage);
        return false;
    }

    @Override
    public void roomAgain() {
        section.wake(this);
    }

    void add(Ticket ticket) {
        waiting.put(ticket.number(), ticket);
        places += ticket.places();
    }

    Ticket take() {
        occupy();
        return left(Objects.requireNonNull(waiting.pollFirstEntry()).getValue());
    }

    /** A job takes its slots, free or not. */
    void occupy() {
        running++;
        limit.take();
        section.take();
        section.serviceTime().started(holds.time().nanos());
    }

    /** The wiki lives on another section from here on, with all that waits and runs. */
    void moveTo(TypeSection next) {
        long now = holds.time().nanos();
        section.nothingToDo(this);
        for (int job = 0; job < running; job++) {
            section.serviceTime().undone(now);
            section.giveBack();
            next.take();
            next.serviceTime().started(now);
        }
        section = next;
        section.wake(this);
    }

    /** What runs takes its slots in {@code next}, and in the limit that its section has moved to. */
    void moveTo(SharedLimit next) {
        limit = next;
        for (int job = 0; job < running; job++) {
            limit.take();
            section.take();
        }
    }

    /** Blocked tasks take as many places as {@code placesOf} says from here on. */
    void measure(ToIntFunction<Job> placesOf) {
        places = 0;
        waiting.replaceAll((number, ticket) -> new Ticket(
                ticket.task(), number, placesOf.applyAsInt(ticket.task().job())));
        waiting.values().forEach(ticket -> places += ticket.places());
    }

    void finished() {
        section.serviceTime().ended(holds.time().nanos());
        giveBack();
    }

    void declined() {
        section.serviceTime().undone(holds.time().nanos());
        giveBack();
    }

    /** Turns the last of them away; only where one waits. */
    TurnedAway turnLastAway(Blockage why) {
        Duration wait = why == Blockage.SECTION_FULL ? section.comeback() : comeback(why);
        Ticket last = left(Objects.requireNonNull(waiting.pollLastEntry()).getValue());
        return new TurnedAway(last.task(), wait, why);
    }

    /** Moves the waiting tasks that {@code wanted} accepts to {@code withdrawn}. */
    int withdraw(Predicate<Task> wanted, Collection<Task> withdrawn) {
        int before = withdrawn.size();
        for (Iterator<Ticket> tickets = waiting.values().iterator(); tickets.hasNext(); ) {
            Ticket ticket = tickets.next();
            if (wanted.test(ticket.task())) {
                tickets.remove();
                withdrawn.add(left(ticket).task());
            }
        }
        return withdrawn.size() - before;
    }

    void forEachWaiting(Consumer<Task> each) {
        waiting.values().forEach(ticket -> each.accept(ticket.task()));
    }

    /** Nothing where none waits. */
    void firstInLine(Consumer<Task> each) {
        if (!waiting.isEmpty()) {
            each.accept(waiting.firstEntry().getValue().task());
        }
    }

    boolean isIdle() {
        return waiting.isEmpty() && running == 0;
    }

    private Ticket left(Ticket ticket) {
        places -= ticket.places();
        return ticket;
    }

    private void giveBack() {
        running--;
        limit.giveBack();
        section.giveBack();
    }

    private Duration comeback(Blockage why) {
        Duration interval = section.interval(limit.size());
        Duration atFirst = why == Blockage.WIKI_HELD ? holds.restOf(wiki) : section.untilHalfOf(size(), interval);
        return returnTimes.next(holds.time().nanos(), atFirst, interval, section.horizon());
    }
}
