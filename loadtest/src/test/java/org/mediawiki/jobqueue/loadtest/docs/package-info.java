/** What the README and the pages in {@code docs} say must be true: their YAML, commands, links and log lines. */
@NullMarked
package org.mediawiki.jobqueue.loadtest.docs;

import org.jspecify.annotations.NullMarked;
