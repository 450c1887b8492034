package org.mediawiki.jobqueue.changeprop.dead;

import java.util.ArrayList;
import java.util.List;

/**
 * What came of an order about dead jobs.
 *
 * @param matched those that were meant
 * @param done those that were replayed or dropped by this order; in a dry run, that would be
 * @param taken those that somebody else has claimed, replayed or dropped before
 * @param unable those that hold no job that could be run, are too large for its topic, or are no longer there
 * @param pending those whose write Kafka has not acknowledged yet: they are marked when it does
 * @param ids of what was done, the first {@link #MAX_IDS}
 */
public record Outcome(long matched, long done, long taken, long unable, long pending, List<String> ids) {

    /** So many ids are told. */
    public static final int MAX_IDS = 100;

    static final Outcome NOTHING = new Outcome(0, 0, 0, 0, 0, List.of());

    public Outcome {
        ids = List.copyOf(ids);
    }

    Outcome and(Outcome other) {
        List<String> all = new ArrayList<>(ids);
        all.addAll(other.ids);
        return new Outcome(
                matched + other.matched,
                done + other.done,
                taken + other.taken,
                unable + other.unable,
                pending + other.pending,
                all.subList(0, Math.min(MAX_IDS, all.size())));
    }
}
