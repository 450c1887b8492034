/** Tests of the embedded brokers, with real clients on the loopback interface. */
@NullMarked
package org.mediawiki.jobqueue.changeprop.embedded;

import org.jspecify.annotations.NullMarked;
