package org.mediawiki.jobqueue.changeprop.dedupe;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * A text in 128 bits: a UUID and the beginning of a sha1, which is what events carry, as they are; of any other text the
 * MD5. By chance alone, no two texts have the same: among a million the odds are 1 in 10^26.
 */
record Fingerprint(long high, long low) {

    private static final int UUID_LENGTH = 36;
    private static final int SHA1_LENGTH = 40;
    private static final int DIGITS_OF_LONG = 16;

    static Fingerprint of(String text) {
        if (text.length() == UUID_LENGTH && isUuid(text)) {
            return of(UUID.fromString(text));
        }
        if (text.length() == SHA1_LENGTH && isHex(text, 0, SHA1_LENGTH)) {
            return new Fingerprint(
                    Long.parseUnsignedLong(text, 0, DIGITS_OF_LONG, 16),
                    Long.parseUnsignedLong(text, DIGITS_OF_LONG, 2 * DIGITS_OF_LONG, 16));
        }
        return of(UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static Fingerprint of(UUID uuid) {
        return new Fingerprint(uuid.getMostSignificantBits(), uuid.getLeastSignificantBits());
    }

    /** As UUIDs are printed; one with capitals is another text. */
    private static boolean isUuid(String text) {
        int from = 0;
        for (int dash : new int[] {8, 13, 18, 23}) {
            if (text.charAt(dash) != '-' || !isHex(text, from, dash)) {
                return false;
            }
            from = dash + 1;
        }
        return isHex(text, from, UUID_LENGTH);
    }

    private static boolean isHex(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            char digit = text.charAt(i);
            if ((digit < '0' || digit > '9') && (digit < 'a' || digit > 'f')) {
                return false;
            }
        }
        return true;
    }
}
