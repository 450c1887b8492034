package org.mediawiki.jobqueue.changeprop.status;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A job type in one lane, of one instance or of all that run it.
 *
 * @param limits what is in force, overrides included
 * @param use what is going on now
 * @param breaker null where none is known yet
 * @param minute what ended within the last minute
 * @param hour what ended within the last hour
 * @param statuses what the attempts of the last hour came to: {@code <verdict> <status>} and how many
 */
public record TypeStatus(
        String lane,
        String type,
        Limits limits,
        Use use,
        @Nullable BreakerStatus breaker,
        Window minute,
        Window hour,
        Map<String, Long> statuses) {

    /**
     * What is in force.
     *
     * @param pool the type's own name, or that of the pool that it shares
     * @param concurrency the most of the pool that run at once
     * @param rate the most that start in a second; null: no such limit
     * @param paused nothing starts
     * @param timeoutSeconds of one attempt
     * @param retries how many attempts follow the first
     */
    public record Limits(
            String pool,
            int concurrency,
            @Nullable Double rate,
            @Nullable Integer perWiki,
            @Nullable Integer perSection,
            int priority,
            boolean paused,
            long timeoutSeconds,
            int retries) {}

    /**
     * What is going on.
     *
     * @param running attempts under way
     * @param waiting jobs in memory that wait for a slot
     * @param backlog jobs that have not ended, those included that stand in Kafka
     * @param backlogSeconds how long ago the oldest of those was written that are known
     * @param scheduled jobs that wait for a time
     * @param dead dead jobs that nothing was done about
     * @param oldestAttemptSeconds how long the oldest attempt has been under way
     * @param held the runner asked for patience
     */
    public record Use(
            long running,
            long waiting,
            long backlog,
            double backlogSeconds,
            long scheduled,
            long dead,
            double oldestAttemptSeconds,
            boolean held) {

        /** Dead jobs are the same whoever is asked; all else adds up. */
        Use and(Use other) {
            return new Use(
                    running + other.running,
                    waiting + other.waiting,
                    backlog + other.backlog,
                    Math.max(backlogSeconds, other.backlogSeconds),
                    scheduled + other.scheduled,
                    Math.max(dead, other.dead),
                    Math.max(oldestAttemptSeconds, other.oldestAttemptSeconds),
                    held || other.held);
        }
    }

    public TypeStatus {
        statuses = Map.copyOf(statuses);
    }

    /** The same with so many dead jobs. */
    public TypeStatus withDead(long dead) {
        Use now = new Use(
                use.running,
                use.waiting,
                use.backlog,
                use.backlogSeconds,
                use.scheduled,
                dead,
                use.oldestAttemptSeconds,
                use.held);
        return new TypeStatus(lane, type, limits, now, breaker, minute, hour, statuses);
    }

    TypeStatus and(TypeStatus other) {
        Map<String, Long> all = new TreeMap<>(statuses);
        other.statuses.forEach((label, count) -> all.merge(label, count, Long::sum));
        BreakerStatus worse = breaker == null
                ? other.breaker
                : other.breaker == null ? breaker : BreakerStatus.worse(breaker, other.breaker);
        return new TypeStatus(
                lane, type, limits, use.and(other.use), worse, minute.plus(other.minute), hour.plus(other.hour), all);
    }
}
