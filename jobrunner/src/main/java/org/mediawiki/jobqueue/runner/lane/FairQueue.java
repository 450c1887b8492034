package org.mediawiki.jobqueue.runner.lane;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.mediawiki.jobqueue.runner.Job;
import org.mediawiki.jobqueue.runner.Time;
import org.mediawiki.jobqueue.runner.breaker.Breakers;
import org.mediawiki.jobqueue.runner.breaker.Call;
import org.mediawiki.jobqueue.runner.breaker.Waiting;

/**
 * Who is next: the tasks that wait, the slots in use, and the turns that lead from the free slot to the task. Knows
 * nothing of requests.
 */
final class FairQueue implements TypeQueue.Listener, Holds.Listener, Waiting {

    private final Runnable onReady;
    private final Holds holds;
    private final Breakers breakers;
    private LaneSettings settings;
    private MostBlocked mostBlocked;
    private Overflow overflow;
    private Pools pools;
    private final Map<String, TypeQueue> types = new HashMap<>();

    /** Those that have blocked tasks, and some that had: the others of a thousand are not asked after each job. */
    private final Set<TypeQueue> blocked = new LinkedHashSet<>();

    /** What the blocked tasks of a type may take, whatever the settings allow. */
    private long blockedBytes = Long.MAX_VALUE;

    /** The slots in use, and how many of them by jobs that run elsewhere. */
    private int running;

    private int occupied;

    /** {@code onReady} runs when a hold, a breaker or a pace lets something start that could not before. */
    FairQueue(LaneSettings settings, Time time, Runnable onReady) {
        this.settings = settings;
        this.onReady = onReady;
        this.mostBlocked = settings.mostBlocked();
        this.overflow = new Overflow(mostBlocked.places());
        this.pools = new Pools(time, onReady);
        this.holds = new Holds(time, this);
        this.breakers = new Breakers(settings.name(), settings.breaker(), time, this);
    }

    /** All limits are counted anew; call it where nothing can start in between. */
    void reconfigure(LaneSettings next) {
        settings = next;
        breakers.reconfigure(next.breaker());
        Pools former = pools;
        pools = former.successors();
        types.forEach((name, type) -> {
            TypeSettings ofType = next.types().apply(name);
            type.reconfigure(ofType, pools.of(ofType.pool()));
        });
        former.dispose();
        measureBlocked();
    }

    /** So many bytes may the blocked tasks of a type take from here on, or less where the settings say less. */
    void keepBlocked(long bytes) {
        blockedBytes = bytes;
        measureBlocked();
    }

    /** How many of the places for blocked tasks the job would take. */
    int placesOf(Job job) {
        return mostBlocked.placesOf(job);
    }

    private void measureBlocked() {
        mostBlocked = settings.mostBlocked().within(blockedBytes);
        overflow = new Overflow(mostBlocked.places());
        types.values().forEach(type -> type.measure(this::placesOf));
    }

    void add(Ticket ticket) {
        typeOf(ticket.task().job()).add(ticket);
    }

    /**
     * Takes the next task that may start, and the slots that it needs; null when none may. Say next whether it was
     * {@link #started} or {@link #declined}.
     */
    @Nullable
    Ticket next() {
        if (!hasRoom() || !breakers.targetAdmits()) {
            return null;
        }
        Pool pool = pools.next();
        if (pool == null) {
            return null;
        }
        running++;
        return pool.take();
    }

    /** {@code job} is sent: now its turn is used up, and its pace. */
    void started(Job job) {
        TypeQueue type = typeOf(job);
        pools.started(type);
        type.started(job);
    }

    /** Gives back the slots of {@code job}, which is not sent. */
    void declined(Job job) {
        gaveBack(job).declined(job);
    }

    /** Gives back the slots of {@code job}, which was sent. */
    void finished(Job job) {
        gaveBack(job).finished(job);
    }

    /** {@code job} runs elsewhere, and takes its slots. */
    void occupy(Job job) {
        TypeQueue type = typeOf(job);
        running++;
        occupied++;
        type.pool().occupy(1);
        type.occupy(job);
    }

    /** Gives back the slots of {@code job}, which ran elsewhere. */
    void vacated(Job job) {
        occupied--;
        gaveBack(job).vacated(job);
    }

    List<Task> withdraw(Predicate<Task> wanted) {
        List<Task> withdrawn = new ArrayList<>();
        types.values().forEach(type -> withdrawn.addAll(type.withdraw(wanted)));
        return withdrawn;
    }

    /**
     * Parts with the blocked tasks that are too many. Call it when nothing more starts; they must be told. Where the
     * target as a whole is held, or the lane is paused, nobody blocks anybody, and all stay.
     */
    List<TurnedAway> turnAway() {
        List<TurnedAway> away = new ArrayList<>();
        if (breakers.targetAdmits() && !isPaused()) {
            blocked.removeIf(type -> !type.hasAside());
            blocked.forEach(type -> type.turnAway(overflow, away));
        }
        return away;
    }

    TypeSettings settingsOf(Job job) {
        return typeOf(job).settings();
    }

    Gate gateOf(Job job) {
        return typeOf(job).gate();
    }

    /** The attempt of a task that was {@link #started} begins. */
    Call enter(Job job) {
        TypeQueue type = typeOf(job);
        return breakers.enter(type.breaker(), type.settings().timeout());
    }

    Breakers breakers() {
        return breakers;
    }

    Holds holds() {
        return holds;
    }

    /** How many jobs run that were started here. */
    int running() {
        return running - occupied;
    }

    void usage(BiConsumer<String, TypeUsage> each) {
        types.forEach((name, type) -> each.accept(name, type.usage()));
    }

    void forEachWaiting(Consumer<Task> each) {
        types.values().forEach(type -> type.forEachWaiting(each));
    }

    void firstInLine(Consumer<Task> each) {
        types.values().forEach(type -> type.firstInLine(each));
    }

    /** Stops all timers that are set. */
    void dispose() {
        holds.dispose();
        breakers.dispose();
        pools.dispose();
        types.values().forEach(TypeQueue::dispose);
    }

    @Override
    public boolean isPaused() {
        return settings.paused();
    }

    @Override
    public void awake(TypeQueue type) {
        pools.awake(type);
    }

    @Override
    public void setAside(TypeQueue type) {
        blocked.add(type);
    }

    @Override
    public void admitted(TypeQueue type) {
        awake(type);
        onReady.run();
    }

    @Override
    public boolean waits(String wiki) {
        return types.values().stream().anyMatch(type -> type.waits(wiki));
    }

    @Override
    public void wikiAdmitted(String wiki) {
        types.values().forEach(type -> type.wikiAdmitted(wiki));
        onReady.run();
    }

    @Override
    public boolean isAnybodyThere() {
        return types.values().stream().anyMatch(TypeQueue::isAnybodyThere);
    }

    @Override
    public void lookAgain() {
        onReady.run();
    }

    private boolean hasRoom() {
        return !isPaused()
                && (settings.concurrency().isEmpty()
                        || running < settings.concurrency().getAsInt());
    }

    private TypeQueue gaveBack(Job job) {
        TypeQueue type = Objects.requireNonNull(types.get(job.type()));
        running--;
        type.pool().finished();
        return type;
    }

    private TypeQueue typeOf(Job job) {
        return types.computeIfAbsent(job.type(), this::newType);
    }

    private TypeQueue newType(String name) {
        TypeSettings type = settings.types().apply(name);
        return new TypeQueue(name, type, pools.of(type.pool()), holds, breakers, this);
    }
}
