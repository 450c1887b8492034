package org.mediawiki.jobqueue.changeprop.schedule;

import java.util.function.Function;

/** What there is to know about waiting jobs, or that it is not to be known yet. */
public sealed interface Answer<T> {

    <R> R match(Function<T, R> onKnown, Function<String, R> onNotYet);

    record Known<T>(T value) implements Answer<T> {
        @Override
        public <R> R match(Function<T, R> onKnown, Function<String, R> onNotYet) {
            return onKnown.apply(value);
        }
    }

    /** The store is being rebuilt, taken over, or kept by another instance; {@code why} is for people. */
    record NotYet<T>(String why) implements Answer<T> {
        @Override
        public <R> R match(Function<T, R> onKnown, Function<String, R> onNotYet) {
            return onNotYet.apply(why);
        }
    }
}
