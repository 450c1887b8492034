/**
 * Real Kafka brokers inside this JVM, for {@code jobqueue dev}, {@code jobqueue standalone} and the tests: nothing to
 * install, nothing that leaves the loopback interface.
 *
 * <p>Called from any thread; every call blocks until the brokers have started or stopped, so never call it from an
 * event loop. The brokers run on threads of their own.
 *
 * <p>The Kafka server jars are optional dependencies: whoever calls this package brings them. The server logs through
 * slf4j and is talkative; keep these loggers at the levels given (the tests' {@code logback-test.xml} does):
 *
 * <ul>
 *   <li>{@code kafka}, {@code state.change.logger}, {@code org.apache.kafka}: WARN
 *   <li>{@code org.apache.kafka.controller.QuorumController}: ERROR (warns at every start of an empty cluster)
 *   <li>{@code org.apache.kafka.clients.NetworkClient}: ERROR (warns at every stop, and of topics that are new)
 *   <li>{@code org.apache.kafka.common.utils.AppInfoParser}, {@code com.yammer.metrics.reporting.JmxReporter}: ERROR
 *       (several brokers in one JVM share the names of their MBeans)
 * </ul>
 *
 * <p>A fault that Kafka deems fatal, such as a full disk under its log, halts the JVM, as it halts a broker that runs
 * by itself; the log says why, and the folder stays usable. Where the disk is full still, the next start refuses and says so.
 */
@NullMarked
package org.mediawiki.jobqueue.changeprop.embedded;

import org.jspecify.annotations.NullMarked;
