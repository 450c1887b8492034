package org.mediawiki.jobqueue.changeprop.config;

import java.util.Set;
import java.util.function.Function;

/** Which job types a lane runs. */
public sealed interface LaneTypes {

    /** Calls the function for the case that this is. */
    <R> R match(Function<Set<String>, R> only, Function<Set<String>, R> allBut);

    /** Whether {@code type} is one of them. */
    default boolean contains(String type) {
        return match(types -> types.contains(type), others -> !others.contains(type));
    }

    /** These and no others. */
    record Only(Set<String> types) implements LaneTypes {

        public Only {
            types = Ordered.copy(types);
        }

        @Override
        public <R> R match(Function<Set<String>, R> only, Function<Set<String>, R> allBut) {
            return only.apply(types);
        }
    }

    /** Every type, known or not, but these. */
    record AllBut(Set<String> types) implements LaneTypes {

        public AllBut {
            types = Ordered.copy(types);
        }

        @Override
        public <R> R match(Function<Set<String>, R> only, Function<Set<String>, R> allBut) {
            return allBut.apply(types);
        }
    }
}
