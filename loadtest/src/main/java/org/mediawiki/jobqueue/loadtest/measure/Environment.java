package org.mediawiki.jobqueue.loadtest.measure;

import org.mediawiki.jobqueue.loadtest.standin.StandInRunner;

/** The brokers, network, machines and runner that a contender's instances use in one trial. */
record Environment(Cluster kafka, Passages passages, Machines machines, StandInRunner runner) {}
