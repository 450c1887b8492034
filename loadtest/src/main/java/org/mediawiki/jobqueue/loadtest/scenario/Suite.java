package org.mediawiki.jobqueue.loadtest.scenario;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * Scenarios that answer a question together.
 *
 * @param about one line that says what it shows, and how long it takes
 * @param parts in the order in which they run
 */
public record Suite(@JsonProperty(required = true) String about, List<Part> parts) {

    private static final List<String> SHIPPED = List.of("short", "features", "flat", "promises");

    /**
     * Scenarios for the same contenders.
     *
     * @param scenarios names or files
     * @param contenders as {@code --contender} takes them (default: {@code jobqueue})
     * @param rounds how often each runs, in turns, 1 or more (default 1)
     */
    public record Part(List<String> scenarios, List<String> contenders, Integer rounds) {

        public Part {
            if (scenarios == null || scenarios.isEmpty()) {
                throw new IllegalArgumentException("a part needs scenarios");
            }
            scenarios = List.copyOf(scenarios);
            contenders = contenders == null ? List.of("jobqueue") : List.copyOf(contenders);
            rounds = rounds == null ? 1 : rounds;
            if (rounds < 1) {
                throw new IllegalArgumentException("rounds must be 1 or more, not " + rounds);
            }
        }
    }

    public Suite {
        if (parts == null || parts.isEmpty()) {
            throw new IllegalArgumentException("a suite needs parts");
        }
        parts = List.copyOf(parts);
    }

    /** The names of the shipped ones. */
    public static List<String> names() {
        return SHIPPED;
    }

    /**
     * A shipped suite by its name, or one in a file.
     *
     * @throws IllegalArgumentException where there is none, or it is none; the message says where and why
     */
    public static Suite named(String nameOrFile) {
        return SpecYaml.named("suite", SHIPPED, nameOrFile, Suite.class);
    }
}
