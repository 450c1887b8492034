package org.mediawiki.jobqueue.changeprop.intake;

import java.util.Arrays;

/**
 * Where an event stands in the body that brought it.
 *
 * @param from its first byte
 * @param to behind its last byte
 */
record Span(int from, int to) {

    /** Its very bytes. */
    byte[] in(byte[] body) {
        return Arrays.copyOfRange(body, from, to);
    }

    int length() {
        return to - from;
    }
}
