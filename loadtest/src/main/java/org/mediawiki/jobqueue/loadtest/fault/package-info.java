/**
 * What a scenario does to the machine of one instance: its clock jumps, its disk is slow or full.
 *
 * <p>The process that measures calls {@link org.mediawiki.jobqueue.loadtest.fault.AgentJar},
 * {@link org.mediawiki.jobqueue.loadtest.fault.FaultControl} and {@link org.mediawiki.jobqueue.loadtest.fault.SmallDisk} on
 * any thread. {@link org.mediawiki.jobqueue.loadtest.fault.FaultAgent} runs inside the instance, a Java agent that changes
 * classes while they are loaded: the service itself knows nothing of it. {@code System.nanoTime()} goes on as ever, as it
 * does when a clock is set.
 */
@NullMarked
package org.mediawiki.jobqueue.loadtest.fault;

import org.jspecify.annotations.NullMarked;
