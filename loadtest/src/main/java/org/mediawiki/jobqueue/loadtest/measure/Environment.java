package org.mediawiki.jobqueue.loadtest.measure;

import org.mediawiki.jobqueue.loadtest.standin.StandInRunner;

/** What a contender's instances stand on, and between. */
record Environment(Cluster kafka, Passages passages, Machines machines, StandInRunner runner) {}
