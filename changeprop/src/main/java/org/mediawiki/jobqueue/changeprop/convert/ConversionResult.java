package org.mediawiki.jobqueue.changeprop.convert;

import java.util.List;
import java.util.function.Function;

/** What came of a conversion. */
public sealed interface ConversionResult {

    /**
     * It is converted.
     *
     * @param yaml a configuration of ours, valid
     * @param differences everything that means something else now, most urgent first
     */
    record Converted(String yaml, List<Difference> differences) implements ConversionResult {

        public Converted {
            differences = List.copyOf(differences);
        }

        @Override
        public <R> R match(Function<Converted, R> converted, Function<Refused, R> refused) {
            return converted.apply(this);
        }
    }

    /**
     * It is not converted: something would be lost.
     *
     * @param refusals everything that stands in the way; at least one
     */
    record Refused(List<Refusal> refusals) implements ConversionResult {

        public Refused {
            refusals = List.copyOf(refusals);
        }

        @Override
        public <R> R match(Function<Converted, R> converted, Function<Refused, R> refused) {
            return refused.apply(this);
        }
    }

    /** Handles every case; a new one does not compile until it is handled. */
    <R> R match(Function<Converted, R> converted, Function<Refused, R> refused);
}
