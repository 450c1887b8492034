package org.mediawiki.jobqueue.changeprop.config;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;

/** Durations as the configuration writes them: a whole number and a unit, {@code 500ms}, {@code 7m}. Pure. */
public final class Durations {

    /** Largest first: the first that divides a duration exactly is the one it is written in. */
    private static final Map<String, ChronoUnit> UNITS = new LinkedHashMap<>();

    static {
        UNITS.put("d", ChronoUnit.DAYS);
        UNITS.put("h", ChronoUnit.HOURS);
        UNITS.put("m", ChronoUnit.MINUTES);
        UNITS.put("s", ChronoUnit.SECONDS);
        UNITS.put("ms", ChronoUnit.MILLIS);
    }

    private Durations() {}

    /**
     * Reads a duration.
     *
     * @throws IllegalArgumentException where the text does not match {@link TextForm#DURATION}
     */
    public static Duration parse(String text) {
        if (!text.matches(TextForm.DURATION.pattern())) {
            throw new IllegalArgumentException("must be " + TextForm.DURATION.title() + ", not " + text);
        }
        String unit = text.replaceFirst("^[0-9]+", "");
        long amount = Long.parseLong(text.substring(0, text.length() - unit.length()));
        return Duration.of(amount, UNITS.getOrDefault(unit, ChronoUnit.MILLIS));
    }

    /** The shortest form that {@link #parse} reads back as the same duration; anything below 1 ms is cut off. */
    public static String format(Duration duration) {
        if (duration.isZero()) {
            return "0s";
        }
        long millis = duration.toMillis();
        for (Map.Entry<String, ChronoUnit> unit : UNITS.entrySet()) {
            long size = unit.getValue().getDuration().toMillis();
            if (millis % size == 0) {
                return millis / size + unit.getKey();
            }
        }
        return millis + "ms";
    }
}
