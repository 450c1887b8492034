package org.mediawiki.jobqueue.changeprop.convert;

/**
 * Something that cannot be converted without changing what runs.
 *
 * @param path the key in the legacy configuration; empty for the file as a whole
 * @param rule what is wrong with it, or not understood
 * @param hint what to do about it
 */
public record Refusal(String path, String rule, String hint) {}
