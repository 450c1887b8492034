/**
 * Stands outside the service and looks at it as its users do: {@code standin} plays the mw-jobrunner, {@code generate}
 * makes job events, {@code dev} is a whole queue on one machine. {@code bin/loadtest} carries out scenarios: {@code scenario}
 * says what is to be done, {@code measure} does it, {@code report} shows what came of it, {@code command} is what people
 * type. The system tests live beside this package's tests.
 */
@NullMarked
package org.mediawiki.jobqueue.loadtest;

import org.jspecify.annotations.NullMarked;
