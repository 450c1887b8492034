package org.mediawiki.jobqueue.changeprop.config;

/**
 * An amount of memory, written {@code 64MiB}, {@code 1GiB} or {@code 512KiB}.
 *
 * @param bytes above zero
 */
public record DataSize(long bytes) {

    private static final long STEP = 1024;
    private static final String STEPS = "BKMG";

    /** So many mebibytes. */
    public static DataSize ofMebibytes(int mebibytes) {
        return new DataSize(mebibytes * STEP * STEP);
    }

    /**
     * Reads a size.
     *
     * @throws IllegalArgumentException where the text does not match {@link TextForm#DATA_SIZE}
     */
    public static DataSize parse(String text) {
        if (!text.matches(TextForm.DATA_SIZE.pattern())) {
            throw new IllegalArgumentException("must be " + TextForm.DATA_SIZE.title() + ", not " + text);
        }
        int digits = text.replaceFirst("[A-Za-z]+", "").length();
        long bytes = Long.parseLong(text.substring(0, digits));
        for (int steps = STEPS.indexOf(text.charAt(digits)); steps > 0; steps--) {
            bytes *= STEP;
        }
        return new DataSize(bytes);
    }

    /** As in the configuration, in the largest unit that gives a whole number. */
    @Override
    public String toString() {
        long number = bytes;
        int steps = 0;
        while (steps < STEPS.length() - 1 && number % STEP == 0) {
            number /= STEP;
            steps++;
        }
        return number + (steps == 0 ? "B" : STEPS.charAt(steps) + "iB");
    }
}
