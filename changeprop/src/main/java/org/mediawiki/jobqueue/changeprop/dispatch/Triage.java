package org.mediawiki.jobqueue.changeprop.dispatch;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import org.mediawiki.jobqueue.changeprop.event.DelayUntil;
import org.mediawiki.jobqueue.changeprop.event.JobEvent;
import org.mediawiki.jobqueue.changeprop.event.RetryEvent;
import org.mediawiki.jobqueue.runner.Failure;

/** What to do with an event now: run it, wait, skip it, or give it up. Pure. */
final class Triage {

    private final String ownEmitters;

    /** {@code ownEmitters} begins the {@code emitter_id} of every retry event that is ours or the legacy service's. */
    Triage(String ownEmitters) {
        this.ownEmitters = ownEmitters;
    }

    /** What comes next for an event. */
    sealed interface Next {

        /** It wants to run now. */
        record Run() implements Next {
            @Override
            public void accept(
                    Runnable run, Consumer<Instant> wait, Consumer<SkipReason> skip, Consumer<Failure> giveUp) {
                run.run();
            }
        }

        /** Its time has not come. */
        record Wait(Instant due) implements Next {
            @Override
            public void accept(
                    Runnable run, Consumer<Instant> wait, Consumer<SkipReason> skip, Consumer<Failure> giveUp) {
                wait.accept(due);
            }
        }

        /** Nothing has to be done. */
        record Skip(SkipReason reason) implements Next {
            @Override
            public void accept(
                    Runnable run, Consumer<Instant> wait, Consumer<SkipReason> skip, Consumer<Failure> giveUp) {
                skip.accept(reason);
            }
        }

        /** It can never run. */
        record GiveUp(Failure why) implements Next {
            @Override
            public void accept(
                    Runnable run, Consumer<Instant> wait, Consumer<SkipReason> skip, Consumer<Failure> giveUp) {
                giveUp.accept(why);
            }
        }

        /** Handles every case; a new one does not compile until it is handled. */
        void accept(Runnable run, Consumer<Instant> wait, Consumer<SkipReason> skip, Consumer<Failure> giveUp);
    }

    Next of(OpenJob.Content content, Rule rule, Instant now) {
        return content.retry()
                .map(retry -> retry(retry, content.foundDue(), rule, now))
                .orElseGet(() -> first(content.event(), rule, now));
    }

    private static Next first(JobEvent job, Rule rule, Instant now) {
        if (job.isCanary()) {
            return new Next.Skip(SkipReason.CANARY);
        }
        return DelayUntil.of(job, now, rule.longestDelay())
                .match(
                        () -> unlessAbandoned(job, rule, now),
                        Next.Wait::new,
                        reason -> new Next.GiveUp(Failure.withoutAnswer(Failure.Cause.INVALID_DELAY, 400, reason)));
    }

    /** What the scheduler released is due, though the clock here may be behind or the delays have become longer since. */
    private Next retry(RetryEvent retry, boolean foundDue, Rule rule, Instant now) {
        if (!retry.emitterId().startsWith(ownEmitters)) {
            return new Next.Skip(SkipReason.FOREIGN_RETRY);
        }
        if (retry.retriesLeft() <= 0) {
            return new Next.GiveUp(
                    Failure.withoutAnswer(Failure.Cause.INVALID_EVENT, 400, "the retry event has no retries left"));
        }
        if (foundDue) {
            return unlessAbandoned(retry.job(), rule, now);
        }
        if (retry.waited()) {
            return first(retry.job(), rule, now);
        }
        Instant due = rule.retry().dueAt(retry, now);
        return due.isAfter(now) ? new Next.Wait(due) : unlessAbandoned(retry.job(), rule, now);
    }

    /** Whether the job is too old to be of use by now. */
    boolean isAbandoned(OpenJob.Content content, Rule rule, Instant now) {
        return isAbandoned(content.event(), rule, now);
    }

    private static Next unlessAbandoned(JobEvent job, Rule rule, Instant now) {
        return isAbandoned(job, rule, now) ? new Next.Skip(SkipReason.ABANDONED) : new Next.Run();
    }

    private static boolean isAbandoned(JobEvent job, Rule rule, Instant now) {
        return isOlder(Optional.of(job.createdAt()), rule.abandonAfter(), now)
                || isOlder(job.root().map(root -> root.at()), rule.abandonRootAfter(), now);
    }

    private static boolean isOlder(Optional<Instant> at, Optional<Duration> limit, Instant now) {
        return at.isPresent() && limit.isPresent() && at.get().isBefore(now.minus(limit.get()));
    }
}
