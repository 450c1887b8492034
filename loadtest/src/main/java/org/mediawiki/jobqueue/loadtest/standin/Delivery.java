package org.mediawiki.jobqueue.loadtest.standin;

import java.time.Duration;
import java.util.function.Function;

/** How a reply's body goes out. */
public sealed interface Delivery {

    /** At once. */
    record Whole() implements Delivery {
        @Override
        public <R> R match(
                Function<Whole, R> whole,
                Function<ThenClose, R> thenClose,
                Function<Drip, R> drip,
                Function<Cut, R> cut) {
            return whole.apply(this);
        }
    }

    /** At once, and then the connection is closed, as a server does that restarts. */
    record ThenClose() implements Delivery {
        @Override
        public <R> R match(
                Function<Whole, R> whole,
                Function<ThenClose, R> thenClose,
                Function<Drip, R> drip,
                Function<Cut, R> cut) {
            return thenClose.apply(this);
        }
    }

    /** One byte at a time. */
    record Drip(Duration betweenBytes) implements Delivery {
        @Override
        public <R> R match(
                Function<Whole, R> whole,
                Function<ThenClose, R> thenClose,
                Function<Drip, R> drip,
                Function<Cut, R> cut) {
            return drip.apply(this);
        }
    }

    /** The head and half of the body, and then the connection is cut. */
    record Cut() implements Delivery {
        @Override
        public <R> R match(
                Function<Whole, R> whole,
                Function<ThenClose, R> thenClose,
                Function<Drip, R> drip,
                Function<Cut, R> cut) {
            return cut.apply(this);
        }
    }

    /** Handles every case; a new one does not compile until it is handled. */
    <R> R match(
            Function<Whole, R> whole, Function<ThenClose, R> thenClose, Function<Drip, R> drip, Function<Cut, R> cut);
}
