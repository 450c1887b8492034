package org.mediawiki.jobqueue.loadtest.standin;

/** How a request ended, as far as the stand-in knows. */
public enum Outcome {
    /** It is still under way. */
    OPEN,
    /** The whole answer was handed to the connection. */
    ANSWERED,
    /** The same, with 2xx and a body that says that the job has failed all the same (SPEC section 5). */
    LIED,
    /** The stand-in cut it, as told. */
    CUT,
    /** The client hung up, or its connection broke. */
    GONE
}
