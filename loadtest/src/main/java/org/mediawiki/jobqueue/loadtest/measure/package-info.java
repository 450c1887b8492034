/**
 * Carries out scenarios: {@link org.mediawiki.jobqueue.loadtest.measure.Trial} gives a contender's processes a broker, a
 * stand-in runner and the load, disturbs them as the scenario says, and tells what came of it.
 *
 * <p>Broker, runner and generator are in this process, every instance of a contender is one of its own, so that its CPU
 * time and its memory can be told apart. Latencies count from when a job was to be produced, not from when it was, so
 * that a stall of the generator hides nothing (coordinated omission).
 *
 * <p>Called on the command's thread, which blocks.
 */
@NullMarked
package org.mediawiki.jobqueue.loadtest.measure;

import org.jspecify.annotations.NullMarked;
