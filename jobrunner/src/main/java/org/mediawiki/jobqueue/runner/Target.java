package org.mediawiki.jobqueue.runner;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;

/**
 * A place that runs jobs: mw-jobrunner, mw-videoscaler, a wiki's own REST endpoint.
 *
 * <p>Called and answered on the lane's context.
 */
public interface Target {

    /**
     * Sends the job once. No redirect is followed and nothing is retried.
     *
     * @param timeout how long the whole attempt may take, from the call to the last byte of the answer
     * @return what came of it; the future never fails, and completes not later than shortly after {@code timeout}
     */
    Future<Attempt> send(Job job, Duration timeout);

    /**
     * Looks whether the target can be reached, TLS included, without sending anything.
     *
     * @return empty where it can, else why not, in a line for people; the future never fails
     */
    Future<Optional<String>> obstacle();

    /** Closes idle connections; requests under way are cut, so drain before. */
    Future<Void> close();
}
