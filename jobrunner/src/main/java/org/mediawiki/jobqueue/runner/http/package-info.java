/**
 * Sends jobs over HTTP and HTTPS: {@link org.mediawiki.jobqueue.runner.http.HttpTarget} is the
 * {@link org.mediawiki.jobqueue.runner.Target} that every lane uses, on Vert.x' core HTTP client.
 *
 * <pre>
 *   HttpTarget ── Generations ── Generation ── one HTTP client and its pools, for max_connection_age
 *       │                            └─ Addresses  which address of the name is next
 *       └─ Exchange (one a job) ── RequestForm   what is sent
 *                               ├─ AnswerReader  what comes back
 *                               └─ Diagnosis     what went wrong, in words for people
 * </pre>
 *
 * <p>All of it runs on the context of the lane that sends; nothing is shared between threads and nothing blocks.
 */
@NullMarked
package org.mediawiki.jobqueue.runner.http;

import org.jspecify.annotations.NullMarked;
