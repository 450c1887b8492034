package org.mediawiki.jobqueue.runner.http;

/**
 * Makes header values of what stands in an event. Nobody checked those fields: a line break in one would be a header of
 * its own, and a value that the client refuses would keep the job from ever being sent.
 */
final class HeaderText {

    private HeaderText() {}

    /** Whether the text can be sent as it is: printable ASCII. */
    static boolean isClean(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!isPrintable(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    /** Returns the very text where it can be sent, else one with {@code ?} for every character that cannot. */
    static String clean(String text) {
        return isClean(text) ? text : replaceUnprintable(text);
    }

    private static String replaceUnprintable(String text) {
        StringBuilder clean = new StringBuilder(text.length());
        text.chars().forEach(c -> clean.append(isPrintable((char) c) ? (char) c : '?'));
        return clean.toString();
    }

    private static boolean isPrintable(char c) {
        return c >= ' ' && c <= '~';
    }
}
