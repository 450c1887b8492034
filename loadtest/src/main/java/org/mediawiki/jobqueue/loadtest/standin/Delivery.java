package org.mediawiki.jobqueue.loadtest.standin;

import java.time.Duration;
import java.util.function.Function;

/** How a reply's body goes out. */
public sealed interface Delivery {

    /** At once. */
    record Whole() implements Delivery {}

    /** At once, and then the connection is closed, as a server does that restarts. */
    record ThenClose() implements Delivery {}

    /** One byte at a time. */
    record Drip(Duration betweenBytes) implements Delivery {}

    /** The head and half of the body, and then the connection is cut. */
    record Cut() implements Delivery {}

    /** Handles every case; a new one does not compile until it is handled. */
    default <R> R match(
            Function<Whole, R> whole, Function<ThenClose, R> thenClose, Function<Drip, R> drip, Function<Cut, R> cut) {
        if (this instanceof Whole w) {
            return whole.apply(w);
        } else if (this instanceof ThenClose t) {
            return thenClose.apply(t);
        } else if (this instanceof Drip d) {
            return drip.apply(d);
        } else {
            return cut.apply((Cut) this);
        }
    }
}
