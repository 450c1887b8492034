package org.mediawiki.jobqueue.changeprop.schedule;

import java.util.Arrays;
import java.util.Optional;

/** Why something waits. */
public enum Reason {
    /** Its {@code delay_until} is in the future. */
    DELAY('D'),
    /** An attempt failed; the next one is due later. */
    RETRY('R'),
    /** Its wiki or its target takes nothing for now; no attempt was counted. */
    HOLD('H'),
    /** There was no room to hold it in memory until it is due. */
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
