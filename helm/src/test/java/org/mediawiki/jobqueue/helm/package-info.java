/**
 * Renders the chart as Helm does, for each environment and each combination of its values, and looks at what would be
 * sent to a cluster. There is none.
 */
@NullMarked
package org.mediawiki.jobqueue.helm;

import org.jspecify.annotations.NullMarked;
