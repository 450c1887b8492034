package org.mediawiki.jobqueue.runner.lane;

/**
 * A task in the lane.
 *
 * @param number its place among those of its wiki and type; the lower goes first
 */
record Ticket(Task task, long number) {}
