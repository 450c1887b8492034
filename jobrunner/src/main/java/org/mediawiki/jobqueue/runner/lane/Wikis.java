package org.mediawiki.jobqueue.runner.lane;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.mediawiki.jobqueue.runner.Job;

/** The wikis of one job type of which something waits or runs, each on its section. */
final class Wikis {

    private final Holds holds;
    private final Consumer<WikiQueue> onWake;
    private final Runnable onAside;
    private final Map<String, WikiQueue> wikis = new HashMap<>();
    private final Map<String, TypeSection> sections = new HashMap<>();
    private Pool pool;

    /**
     * @param pool whose limits they share with other types
     * @param onWake is handed a wiki that should take turns again
     * @param onAside runs when a wiki is set aside, as it is blocked
     */
    Wikis(Pool pool, Holds holds, Consumer<WikiQueue> onWake, Runnable onAside) {
        this.pool = pool;
        this.holds = holds;
        this.onWake = onWake;
        this.onAside = onAside;
    }

    /** The queue of the job's wiki, which lives on the section that the job says. */
    WikiQueue of(Job job) {
        TypeSection section = sectionOf(job.section());
        WikiQueue queue = wikis.computeIfAbsent(
                job.wiki(), wiki -> new WikiQueue(wiki, section, pool.wikis().moveIn(wiki), holds));
        if (queue.section() != section) {
            queue.moveTo(section);
        }
        return queue;
    }

    /** The queue of a job that runs; its wiki may have moved since the job came. */
    WikiQueue ofRunning(Job job) {
        return Objects.requireNonNull(wikis.get(job.wiki()));
    }

    @Nullable
    WikiQueue ifPresent(String wiki) {
        return wikis.get(wiki);
    }

    List<WikiQueue> all() {
        return List.copyOf(wikis.values());
    }

    /** Names come from outside, so those that have nothing to do are forgotten. */
    void forgetIfIdle(WikiQueue queue) {
        if (queue.isIdle()) {
            wikis.remove(queue.wiki());
            pool.wikis().leave(queue.wiki());
            queue.section().nothingToDo(queue);
        }
    }

    /** All take their slots in the limits of {@code next}, and look anew whether they are blocked. */
    void moveTo(Pool next) {
        pool = next;
        sections.forEach((name, section) ->
                section.moveTo(next.sections().moveIn(name), next.settings().concurrency()));
        wikis.forEach((wiki, queue) -> queue.moveTo(next.wikis().moveIn(wiki)));
        wikis.values().forEach(onWake);
    }

    /** Whether one is set aside: only then is one blocked. */
    boolean hasAside() {
        return sections.values().stream().anyMatch(TypeSection::hasAside);
    }

    /** Those that are blocked, by what blocks them. */
    List<Crowd> crowds() {
        List<Crowd> crowds = new ArrayList<>();
        sections.values().forEach(section -> crowds.addAll(section.crowds()));
        return crowds;
    }

    private TypeSection sectionOf(String name) {
        return sections.computeIfAbsent(
                name,
                ignored -> new TypeSection(
                        pool.sections().moveIn(name), pool.settings().concurrency(), holds.time(), onWake, onAside));
    }
}
