/**
 * Turns a configuration of the legacy service ({@code change-propagation}) into ours, with everything that means something
 * else here. Nothing is dropped silently: each key is converted, told of, or refused.
 *
 * <p>Called by the command {@code convert}, on its thread. Pure: texts in, a text and findings out.
 */
@NullMarked
package org.mediawiki.jobqueue.changeprop.convert;

import org.jspecify.annotations.NullMarked;
