package org.mediawiki.jobqueue.changeprop.control;

import java.util.Arrays;
import java.util.Optional;
import org.mediawiki.jobqueue.changeprop.config.TextForm;

/**
 * Something that operators can override: one setting of one job type or lane.
 *
 * @param kind which setting
 * @param name the job type, {@code low_traffic_jobs} for the pool of all that have no entry, or the lane
 */
public record Knob(Kind kind, String name) {

    private static final int PARTS = 3;

    /** What the knob sets, and how its value is written. */
    public enum Kind {
        /** The most jobs of a type that run at once: a whole number from 1 to 100000. */
        TYPE_CONCURRENCY("type", "concurrency", "[1-9][0-9]{0,4}|100000", "a whole number from 1 to 100000"),
        /** The most jobs of a type that start in a time, such as {@code 5/s}. */
        TYPE_RATE("type", "rate", TextForm.RATE.pattern(), TextForm.RATE.title()),
        /** Whether the jobs of a type wait: {@code true} or {@code false}. */
        TYPE_PAUSED("type", "paused", "true|false", "true or false"),
        /** Whether the jobs of a lane wait: {@code true} or {@code false}. */
        LANE_PAUSED("lane", "paused", "true|false", "true or false");

        private final String scope;
        private final String setting;
        private final String pattern;
        private final String rule;

        Kind(String scope, String setting, String pattern, String rule) {
            this.scope = scope;
            this.setting = setting;
            this.pattern = pattern;
            this.rule = rule;
        }

        boolean takes(String value) {
            return value.matches(pattern);
        }

        /** What a value must be, for people. */
        public String rule() {
            return rule;
        }
    }

    public Knob {
        if (!name.matches(TextForm.NAME.pattern())) {
            throw new IllegalArgumentException("must be " + TextForm.NAME.title() + ": " + name);
        }
    }

    /** Its key in the control topic, such as {@code type/refreshLinks/concurrency}. */
    public String key() {
        return kind.scope + "/" + name + "/" + kind.setting;
    }

    /** The knob of a key; empty where there is none, as for those of later versions. */
    static Optional<Knob> of(String key) {
        String[] parts = key.split("/", -1);
        if (parts.length != PARTS || !parts[1].matches(TextForm.NAME.pattern())) {
            return Optional.empty();
        }
        return Arrays.stream(Kind.values())
                .filter(kind -> kind.scope.equals(parts[0]) && kind.setting.equals(parts[2]))
                .map(kind -> new Knob(kind, parts[1]))
                .findFirst();
    }

    @Override
    public String toString() {
        return key();
    }
}
