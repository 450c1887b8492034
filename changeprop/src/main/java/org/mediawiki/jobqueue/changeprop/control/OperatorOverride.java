package org.mediawiki.jobqueue.changeprop.control;

import java.time.Instant;
import java.util.Optional;

/**
 * What an operator wants instead of what the file says.
 *
 * @param value as the configuration writes it: {@code 7}, {@code 5/s}, {@code true}
 * @param by who, for people
 * @param reason why, for people
 * @param at since when
 * @param until when the file holds again; empty: until somebody clears it
 */
public record OperatorOverride(Knob knob, String value, String by, String reason, Instant at, Optional<Instant> until) {

    /** The longest {@link #by} and {@link #reason}, in characters. */
    public static final int MAX_CHARS = 500;

    /** @throws IllegalArgumentException where the knob does not take the value, or a text is too long or has lines */
    public OperatorOverride {
        if (!knob.kind().takes(value)) {
            throw new IllegalArgumentException(knob + " must be " + knob.kind().rule() + ", not " + value);
        }
        requireLine("by", by);
        requireLine("reason", reason);
    }

    /** Whether it has ended. */
    boolean isOver(Instant now) {
        return until.isPresent() && !now.isBefore(until.get());
    }

    private static void requireLine(String what, String text) {
        if (text.length() > MAX_CHARS || text.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(what + " must be one line of up to " + MAX_CHARS + " characters");
        }
    }
}
