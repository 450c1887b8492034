package org.mediawiki.jobqueue.changeprop.config;

import java.math.BigDecimal;

/**
 * How many jobs may start in a time, written {@code 5/s}, {@code 300/m} or {@code 0.5/h}.
 *
 * @param perSecond jobs per second; above zero
 */
public record Rate(double perSecond) {

    /**
     * Reads a rate.
     *
     * @throws IllegalArgumentException where the text does not match {@link TextForm#RATE}
     */
    public static Rate parse(String text) {
        if (!text.matches(TextForm.RATE.pattern())) {
            throw new IllegalArgumentException("must be " + TextForm.RATE.title() + ", not " + text);
        }
        int slash = text.indexOf('/');
        double jobs = Double.parseDouble(text.substring(0, slash));
        int seconds = switch (text.charAt(slash + 1)) {
            case 's' -> 1;
            case 'm' -> 60;
            default -> 3600;
        };
        return new Rate(jobs / seconds);
    }

    /** As in the configuration, in the smallest unit that gives at least one job, to three decimals. */
    @Override
    public String toString() {
        if (perSecond >= 1) {
            return number(perSecond) + "/s";
        }
        return perSecond * 60 >= 1 ? number(perSecond * 60) + "/m" : number(perSecond * 3600) + "/h";
    }

    private static String number(double jobs) {
        return BigDecimal.valueOf(Math.round(jobs * 1000), 3)
                .stripTrailingZeros()
                .toPlainString();
    }
}
