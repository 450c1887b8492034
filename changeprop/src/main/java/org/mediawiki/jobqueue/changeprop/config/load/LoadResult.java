package org.mediawiki.jobqueue.changeprop.config.load;

import java.util.List;
import java.util.function.Function;
import org.mediawiki.jobqueue.changeprop.config.Configuration;

/** What came of loading a configuration. */
public sealed interface LoadResult {

    /** It is valid, and complete: what the file leaves out has its default. */
    record Loaded(Configuration configuration) implements LoadResult {
        @Override
        public <R> R match(Function<Loaded, R> loaded, Function<Refused, R> refused) {
            return loaded.apply(this);
        }
    }

    /**
     * It is not valid.
     *
     * @param problems everything that is wrong, in the order of the file; at least one
     */
    record Refused(List<Problem> problems) implements LoadResult {

        public Refused {
            problems = List.copyOf(problems);
        }

        @Override
        public <R> R match(Function<Loaded, R> loaded, Function<Refused, R> refused) {
            return refused.apply(this);
        }
    }

    /** Handles every case; a new one does not compile until it is handled. */
    <R> R match(Function<Loaded, R> loaded, Function<Refused, R> refused);
}
