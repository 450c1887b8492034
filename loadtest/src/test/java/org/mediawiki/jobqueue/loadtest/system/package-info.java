/**
 * The whole system under attack: real Kafka brokers, real HTTPS, and the guarantees of the SPEC asserted on what the
 * stand-in runner saw.
 */
@NullMarked
package org.mediawiki.jobqueue.loadtest.system;

import org.jspecify.annotations.NullMarked;
