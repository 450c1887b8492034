package org.mediawiki.jobqueue.runner.lane;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import org.mediawiki.jobqueue.runner.Job;
import org.mediawiki.jobqueue.runner.breaker.Breakers;
import org.mediawiki.jobqueue.runner.breaker.TypeBreaker;
import org.mediawiki.jobqueue.runner.breaker.Waiting;

/** The waiting jobs of one type: a queue for each wiki, which take turns. */
final class TypeQueue implements RoundRobin.Member, Waiting {

    private final Listener listener;
    private final Gate gate;
    private final TypeBreaker breaker;
    private final Wikis wikis;
    private final RoundRobin<WikiQueue> turns = new RoundRobin<>();
    private TypeSettings settings;
    private Pool pool;
    private int waiting;
    private int places;
    private int running;
    private int occupied;

    /** Is told when the type may be ready again. */
    interface Listener {
        /** Whether the lane is paused, so that nothing of it starts. */
        boolean isPaused();

        /** One of its wikis takes turns again. */
        void awake(TypeQueue type);

        /** One of its wikis takes no turns any more: it is blocked. */
        void setAside(TypeQueue type);

        /** A hold of the type as a whole is over, or its breaker admits jobs again. */
        void admitted(TypeQueue type);
    }

    TypeQueue(String name, TypeSettings settings, Pool pool, Holds holds, Breakers breakers, Listener listener) {
        this.settings = settings;
        this.pool = pool;
        this.listener = listener;
        this.gate = new Gate("type", name, holds.time(), this);
        this.breaker = breakers.ofType(name, settings.breaker(), this);
        this.wikis = new Wikis(pool, holds, this::awake, () -> listener.setAside(this));
    }

    void reconfigure(TypeSettings nextSettings, Pool nextPool) {
        settings = nextSettings;
        pool = nextPool;
        breaker.reconfigure(nextSettings.breaker());
        pool.occupy(running);
        wikis.moveTo(pool);
    }

    /** {@code placesOf} says how many of the places for blocked tasks a job takes from here on. */
    void measure(ToIntFunction<Job> placesOf) {
        places = 0;
        for (WikiQueue queue : wikis.all()) {
            queue.measure(placesOf);
            places += queue.places();
        }
    }

    @Override
    public boolean ready() {
        return admits() && turns.peek() != null;
    }

    @Override
    public boolean isAnybodyThere() {
        return waiting > 0 && !isPaused();
    }

    @Override
    public void lookAgain() {
        listener.admitted(this);
    }

    void add(Ticket ticket) {
        WikiQueue queue = wikis.of(ticket.task().job());
        queue.add(ticket);
        waiting++;
        places += ticket.places();
        queue.section().wake(queue);
    }

    /** The next task, with its slots taken; only when {@linkplain #ready() ready}. Its turn is not used up. */
    Ticket take() {
        waiting--;
        running++;
        Ticket taken = Objects.requireNonNull(turns.peek()).take();
        places -= taken.places();
        return taken;
    }

    /** The job that was taken is sent. */
    void started(Job job) {
        turns.used(wikis.ofRunning(job));
    }

    /** The job that was taken was not sent. */
    void declined(Job job) {
        WikiQueue queue = wikis.ofRunning(job);
        queue.declined();
        gaveBack(queue);
    }

    void finished(Job job) {
        WikiQueue queue = wikis.ofRunning(job);
        queue.finished();
        gaveBack(queue);
    }

    /** {@code job} runs elsewhere, and takes its slots, free or not. */
    void occupy(Job job) {
        running++;
        occupied++;
        wikis.of(job).occupy();
    }

    /** The job that ran elsewhere does so no longer. */
    void vacated(Job job) {
        occupied--;
        finished(job);
    }

    /** Whether a job of {@code wiki} waits that is not paused. */
    boolean waits(String wiki) {
        WikiQueue queue = wikis.ifPresent(wiki);
        return queue != null && queue.size() > 0 && !isPaused();
    }

    /** A hold on {@code wiki} is over. */
    void wikiAdmitted(String wiki) {
        WikiQueue queue = wikis.ifPresent(wiki);
        if (queue != null) {
            queue.section().wake(queue);
        }
    }

    List<Task> withdraw(Predicate<Task> wanted) {
        List<Task> withdrawn = new ArrayList<>();
        for (WikiQueue queue : wikis.all()) {
            places -= queue.places();
            waiting -= queue.withdraw(wanted, withdrawn);
            places += queue.places();
            wikis.forgetIfIdle(queue);
        }
        return withdrawn;
    }

    /** Whether one of its wikis is set aside: only then does it have blocked tasks. */
    boolean hasAside() {
        return wikis.hasAside();
    }

    /** Parts with blocked tasks that are too many; with none while the type itself is held. */
    void turnAway(Overflow overflow, List<TurnedAway> away) {
        if (admits() && overflow.isPossible(places)) {
            overflow.turnAway(wikis.crowds(), wiki -> turnLastAway(wiki, away));
        }
    }

    TypeSettings settings() {
        return settings;
    }

    Pool pool() {
        return pool;
    }

    Gate gate() {
        return gate;
    }

    TypeBreaker breaker() {
        return breaker;
    }

    TypeUsage usage() {
        return new TypeUsage(running - occupied, occupied, waiting, pool.settings(), !gate.isOpen());
    }

    /** The slots in use. */
    int running() {
        return running;
    }

    void forEachWaiting(Consumer<Task> each) {
        wikis.all().forEach(wiki -> wiki.forEachWaiting(each));
    }

    void firstInLine(Consumer<Task> each) {
        wikis.all().forEach(wiki -> wiki.firstInLine(each));
    }

    void dispose() {
        gate.dispose();
    }

    /** Returns how many places that makes free. */
    private int turnLastAway(WikiQueue queue, List<TurnedAway> away) {
        int before = queue.places();
        away.add(queue.turnLastAway(Objects.requireNonNull(queue.blockage())));
        int free = before - queue.places();
        places -= free;
        waiting--;
        wikis.forgetIfIdle(queue);
        return free;
    }

    /** Its jobs probe nothing, maybe for days: nothing stays half-open for them. */
    private boolean isPaused() {
        return settings.paused() || listener.isPaused();
    }

    private boolean admits() {
        return !settings.paused() && gate.admits() && breaker.admits();
    }

    private void gaveBack(WikiQueue queue) {
        running--;
        queue.section().wake(queue);
        wikis.forgetIfIdle(queue);
    }

    private void awake(WikiQueue queue) {
        turns.join(queue);
        listener.awake(this);
    }
}
