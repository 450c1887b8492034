package org.mediawiki.jobqueue.changeprop.fleet;

/**
 * One run of an instance.
 *
 * @param name stays the same when the instance is started anew
 * @param incarnation of this run alone
 */
public record Identity(String name, String incarnation) {}
