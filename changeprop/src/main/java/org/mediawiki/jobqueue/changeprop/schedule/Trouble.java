package org.mediawiki.jobqueue.changeprop.schedule;

import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the scheduler's lives end with, told once for all that follow one another. The supervisor's thread only. */
final class Trouble {

    private static final Logger LOG = LoggerFactory.getLogger(Trouble.class);

    private boolean told;

    /** Written by the supervisor's thread, read by any. */
    private volatile Optional<String> last = Optional.empty();

    /** What the last life ended with, if it was a failure; for people. Any thread. */
    Optional<String> last() {
        return last;
    }

    /** A life has ended with {@code failure}. */
    void tell(Throwable failure) {
        last = Optional.of(why(failure));
        if (told) {
            LOG.debug("The scheduler failed again", failure);
        } else {
            LOG.warn("The scheduler failed and starts again until it succeeds: {}", why(failure));
            told = true;
        }
    }

    /** A life has lasted for a while: the next failure is a new one. */
    void over() {
        told = false;
        last = Optional.empty();
    }

    /** Whether something is wrong with what is on the disk, which a new life would find again. */
    static boolean isOfStores(Throwable failure) {
        return hasCause(failure, ProcessorStateException.class::isInstance);
    }

    static boolean refusesTransactions(Throwable failure) {
        return hasCause(
                failure,
                cause -> cause instanceof UnsupportedVersionException
                        || cause instanceof TransactionalIdAuthorizationException);
    }

    /** Streams wraps whatever happens; what people can do something about, such as a full disk, stands at the bottom. */
    static String why(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return failure.getCause() == null ? failure.toString() : failure + ", because of " + cause;
    }

    private static boolean hasCause(Throwable failure, Predicate<Throwable> wanted) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause).anyMatch(wanted);
    }
}
