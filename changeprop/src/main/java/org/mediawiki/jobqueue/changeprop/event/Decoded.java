package org.mediawiki.jobqueue.changeprop.event;

import java.util.function.Consumer;
import java.util.function.Function;

/** What came of reading a record: an event, or why it is none. */
public sealed interface Decoded<T> {

    /** The record holds an event. */
    record Valid<T>(T event) implements Decoded<T> {
        @Override
        public <R> R match(Function<T, R> valid, Function<String, R> invalid) {
            return valid.apply(event);
        }

        @Override
        public void accept(Consumer<T> valid, Consumer<String> invalid) {
            valid.accept(event);
        }
    }

    /** The record holds none; {@code reason} is one line for people. */
    record Invalid<T>(String reason) implements Decoded<T> {
        @Override
        public <R> R match(Function<T, R> valid, Function<String, R> invalid) {
            return invalid.apply(reason);
        }

        @Override
        public void accept(Consumer<T> valid, Consumer<String> invalid) {
            invalid.accept(reason);
        }
    }

    /** Handles both cases. */
    <R> R match(Function<T, R> valid, Function<String, R> invalid);

    /** Handles both cases. */
    void accept(Consumer<T> valid, Consumer<String> invalid);
}
