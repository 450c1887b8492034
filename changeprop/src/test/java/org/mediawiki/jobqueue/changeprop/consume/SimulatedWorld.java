package org.mediawiki.jobqueue.changeprop.consume;

import org.mediawiki.jobqueue.changeprop.fleet.ModelBoard;

/** What the instances of a history share. */
record SimulatedWorld(
        Simulation world, Journal journal, ModelGroup group, ModelLog log, ModelBoard board, Moods moods) {}
