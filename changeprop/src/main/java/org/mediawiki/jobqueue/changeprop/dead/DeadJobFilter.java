package org.mediawiki.jobqueue.changeprop.dead;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Which dead jobs are meant. What is empty does not matter.
 *
 * @param from given up at this time or later
 * @param to given up before this time
 * @param text stands in the message, {@code meta.id}, type or wiki, whatever the case of its letters
 * @param states what was done about them
 */
public record DeadJobFilter(
        Optional<String> type,
        Optional<String> wiki,
        Optional<String> requestId,
        OptionalInt status,
        Optional<Instant> from,
        Optional<Instant> to,
        Optional<String> text,
        Set<DeadJobState> states) {

    /** Every one of which nothing was done. */
    public static final DeadJobFilter ALL_DEAD = new DeadJobFilter(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            OptionalInt.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Set.of(DeadJobState.DEAD));

    public DeadJobFilter {
        text = text.map(t -> t.toLowerCase(Locale.ROOT));
        states = Set.copyOf(states);
    }

    /** The same of one job type. */
    public DeadJobFilter ofType(String only) {
        return new DeadJobFilter(Optional.of(only), wiki, requestId, status, from, to, text, states);
    }

    boolean matches(DeadJob job, DeadJobState state) {
        return states.contains(state)
                && type.map(job.type()::equals).orElse(true)
                && wiki.map(job.wiki()::equals).orElse(true)
                && requestId.map(job.requestId()::equals).orElse(true)
                && (status.isEmpty() || status.getAsInt() == job.status())
                && !from.map(job.at()::isBefore).orElse(false)
                && to.map(job.at()::isBefore).orElse(true)
                && text.map(wanted -> contains(job, wanted)).orElse(true);
    }

    private static boolean contains(DeadJob job, String wanted) {
        return has(job.message(), wanted)
                || has(job.jobId(), wanted)
                || has(job.type(), wanted)
                || has(job.wiki(), wanted);
    }

    private static boolean has(String text, String wanted) {
        return text.toLowerCase(Locale.ROOT).contains(wanted);
    }
}
