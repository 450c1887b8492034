package org.mediawiki.jobqueue.loadtest.scenario;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.mediawiki.jobqueue.changeprop.config.DataSize;

/**
 * What must hold in the end. Beside it, always: that no limit is exceeded, not counting what an instance had in flight when it
 * was killed, frozen or cut off, that nothing runs twice but that and what had ended there less than 100 ms before, and that no
 * process ends by itself.
 *
 * @param utilisation the least share of its slots that each type with a limit and a backlog keeps busy, 0 to 1
 * @param p99 the longest that 99 of 100 jobs may take from when they were to be produced (or were due) to the runner
 * @param window what ended so shortly before a process was cut may run again (default 100 ms, SPEC guarantee 2); more
 *     where commits have to wait, as while a broker is down
 * @param oncePerId jobs that were produced twice run once (default: no); needs {@code duplicates_after} where there are
 *     duplicates, for a dispatcher that knows what is done does not know what runs
 * @param allDone every job that was due is done in the end (default: yes); no where more wait than can be run
 * @param memory the most that all instances together may have resident at any time
 * @param cpu the most that all instances together may spend in the measured time, as a share of one core
 * @param firstJob the longest that the first process may take from its start to its first request; key {@code first_job}
 * @param accounts at every look at their metrics, once a second, all instances account for every record (SPEC guarantee 9; default:
 *     nobody looks, which would cost something)
 * @param resumes how soon each job type runs again after the runner refused, or answered otherwise than usual, whatever came: from
 *     then, or from when it was due, to the first request that was begun thereafter and done (SPEC 4.7)
 * @param settles how long after an event is over everything goes on as if there had been none: from then to the next event no job
 *     waits for 1 s beside a free slot of its limit, nor behind the backlog of another type of the pool (SPEC guarantees 4 to 6;
 *     default: not looked at)
 */
public record Expectations(
        @Nullable Double utilisation,
        @Nullable Duration p99,
        Duration window,
        boolean oncePerId,
        Boolean allDone,
        @Nullable DataSize memory,
        @Nullable Double cpu,
        @Nullable Duration firstJob,
        boolean accounts,
        @Nullable Duration resumes,
        @Nullable Duration settles) {

    private static final Duration DEFAULT_WINDOW = Duration.ofMillis(100);

    static final Expectations DEFAULT =
            new Expectations(null, null, DEFAULT_WINDOW, false, true, null, null, null, false, null, null);

    public Expectations {
        window = window == null ? DEFAULT_WINDOW : window;
        allDone = allDone == null || allDone;
    }

    /** What must hold whatever breaks: all is done, and accounted for; {@code settles} is null where nothing stops breaking. */
    static Expectations amidMisfortunes(Duration window, DataSize memory, @Nullable Duration settles) {
        return new Expectations(null, null, window, false, true, memory, null, null, true, null, settles);
    }
}
