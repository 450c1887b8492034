package org.mediawiki.jobqueue.runner.lane;

/**
 * A task in the lane.
 *
 * @param number its place among those of its wiki and type; the lower goes first
 * @param places how many of those it takes that are kept for blocked tasks
 */
record Ticket(Task task, long number, int places) {}
