package org.mediawiki.jobqueue.changeprop.config;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Text that must not reach a log or a report.
 *
 * @param value the text itself
 */
public record Secret(String value) {

    /**
     * Whether {@code given} is this text. Digests are compared: they are of one length, so that the time it takes tells
     * neither how long the text is nor where the two differ (SPEC section 10).
     */
    public boolean is(String given) {
        return MessageDigest.isEqual(digest(given), digest(value));
    }

    private static byte[] digest(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return "(secret)";
    }
}
