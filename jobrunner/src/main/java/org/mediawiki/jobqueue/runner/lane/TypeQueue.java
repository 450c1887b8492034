package org.mediawiki.jobqueue.runner.lane;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.mediawiki.jobqueue.runner.Job;
import org.mediawiki.jobqueue.runner.Time;
import org.mediawiki.jobqueue.runner.breaker.Breakers;
import org.mediawiki.jobqueue.runner.breaker.TypeBreaker;

/** The waiting jobs of one type: a queue for each wiki, which take turns. */
final class TypeQueue implements Turns.Member {

    private final TypeSettings settings;
    private final Pool pool;
    private final Time time;
    private final Holds holds;
    private final Consumer<TypeQueue> onAdmitting;
    private final Gate gate;
    private final TypeBreaker breaker;
    private final Pace pace;
    private final Turns<WikiQueue> turns = new Turns<>();
    private final Map<String, WikiQueue> wikis = new HashMap<>();
    private final Map<String, Section> sections = new HashMap<>();
    private Time.Cancellation nextStart = Time.Cancellation.NONE;
    private int waiting;
    private int running;

    /** {@code onAdmitting} is told when a wait of this type as a whole, for its pace, a hold or its breaker, is over. */
    TypeQueue(
            String name,
            TypeSettings settings,
            Pool pool,
            Holds holds,
            Breakers breakers,
            Consumer<TypeQueue> onAdmitting) {
        this.settings = settings;
        this.pool = pool;
        this.time = holds.time();
        this.holds = holds;
        this.onAdmitting = onAdmitting;
        this.gate = new Gate("type " + name, time, () -> onAdmitting.accept(this));
        this.breaker = breakers.ofType(name, settings.breaker(), () -> onAdmitting.accept(this));
        this.pace = settings.rate().isPresent() ? Pace.perSecond(settings.rate().getAsDouble()) : Pace.UNLIMITED;
    }

    @Override
    public boolean ready() {
        return !settings.paused() && gate.admits() && breaker.admits() && pace.admits(time) && turns.peek() != null;
    }

    void add(Task task) {
        WikiQueue queue = queueOf(task.job());
        queue.add(task);
        joined(queue);
    }

    void addFirst(Task task) {
        WikiQueue queue = queueOf(task.job());
        queue.addFirst(task);
        joined(queue);
    }

    /** The next task; only when {@linkplain #ready() ready}. */
    Task take() {
        WikiQueue queue = Objects.requireNonNull(turns.peek());
        Task task = queue.take();
        turns.used(queue);
        waiting--;
        running++;
        pace.started(time);
        if (!pace.admits(time)) {
            nextStart.cancel();
            nextStart = time.after(pace.untilNext(time), () -> onAdmitting.accept(this));
        }
        return task;
    }

    void finished(Job job) {
        running--;
        WikiQueue queue = Objects.requireNonNull(wikis.get(job.wiki()));
        queue.finished();
        queue.section().givenBack(turns);
        if (queue.isIdle()) {
            wikis.remove(queue.wiki());
        } else {
            turns.join(queue);
        }
    }

    /** A hold on {@code wiki} is over. */
    void wikiAdmitted(String wiki) {
        WikiQueue queue = wikis.get(wiki);
        if (queue != null) {
            turns.join(queue);
        }
    }

    List<Task> withdraw(Predicate<Task> wanted) {
        List<Task> withdrawn = new ArrayList<>();
        for (WikiQueue queue : wikis.values()) {
            waiting -= queue.withdraw(wanted, withdrawn);
        }
        wikis.values().removeIf(WikiQueue::isIdle);
        return withdrawn;
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
        return new TypeUsage(running, waiting, pool.settings(), !gate.isOpen());
    }

    int running() {
        return running;
    }

    void dispose() {
        nextStart.cancel();
        gate.dispose();
    }

    private void joined(WikiQueue queue) {
        waiting++;
        turns.join(queue);
    }

    private WikiQueue queueOf(Job job) {
        return wikis.computeIfAbsent(
                job.wiki(), wiki -> new WikiQueue(wiki, sectionOf(job.section()), settings.perWiki(), holds));
    }

    private Section sectionOf(String name) {
        return sections.computeIfAbsent(name, ignored -> new Section(settings.perSection()));
    }
}
