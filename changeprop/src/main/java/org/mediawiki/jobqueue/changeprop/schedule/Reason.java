package org.mediawiki.jobqueue.changeprop.schedule;

import java.util.Arrays;
import java.util.Optional;

/** Why something waits. */
public enum Reason {
    /** Its {@code delay_until} is in the future. */
    DELAY('D'),
    /** An attempt failed; the next one is due later. */
    RETRY('R'),
    /** Its wiki is held, being read-only; no attempt was counted. */
    HOLD('H'),
    /** Its wiki or section was full and the lane kept enough like it; no attempt was counted. */
    OVERFLOW('O');

    private final byte code;

    Reason(char code) {
        this.code = (byte) code;
    }

    /** What the store knows it by. */
    byte code() {
        return code;
    }

    static Optional<Reason> of(byte code) {
        return Arrays.stream(values()).filter(reason -> reason.code == code).findFirst();
    }
}
