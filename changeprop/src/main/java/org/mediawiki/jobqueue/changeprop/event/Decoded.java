package org.mediawiki.jobqueue.changeprop.event;

import java.util.function.Consumer;
import java.util.function.Function;

/** What came of reading a record: an event, or why it is none. */
public sealed interface Decoded<T> {

    /** The record holds an event. */
    record Valid<T>(T event) implements Decoded<T> {}

    /** The record holds none; {@code reason} is one line for people. */
    record Invalid<T>(String reason) implements Decoded<T> {}

    /** Handles both cases. */
    default <R> R match(Function<T, R> valid, Function<String, R> invalid) {
        if (this instanceof Valid<T> v) {
            return valid.apply(v.event());
        } else {
            return invalid.apply(((Invalid<T>) this).reason());
        }
    }

    /** Handles both cases. */
    default void accept(Consumer<T> valid, Consumer<String> invalid) {
        if (this instanceof Valid<T> v) {
            valid.accept(v.event());
        } else {
            invalid.accept(((Invalid<T>) this).reason());
        }
    }
}
