/** Tests of the stand-in: its arithmetic against naive models, its behaviour by a real client over HTTPS. */
@NullMarked
package org.mediawiki.jobqueue.loadtest.standin;

import org.jspecify.annotations.NullMarked;
