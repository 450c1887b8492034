package org.mediawiki.jobqueue.runner.breaker;

import org.mediawiki.jobqueue.runner.breaker.BreakerState.Trigger;

/** Why a breaker should open, for meters and for people. */
record TripReason(Trigger trigger, String inWords) {}
