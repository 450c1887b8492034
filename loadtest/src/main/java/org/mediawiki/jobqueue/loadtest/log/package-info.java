/**
 * Where the logs of this process go while somebody looks at its terminal: Kafka and its clients say much there. Called once,
 * on the main thread.
 */
@NullMarked
package org.mediawiki.jobqueue.loadtest.log;

import org.jspecify.annotations.NullMarked;
