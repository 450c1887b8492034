/**
 * Compacted topics that every instance reads whole: what the newest record of each key says is true for the whole fleet.
 *
 * <p>Used by {@code fleet}, {@code control} and, for dead jobs and the audit, {@code app}'s {@code Operations}, which say
 * what the keys mean. Each
 * {@link org.mediawiki.jobqueue.changeprop.bulletin.Bulletin} has two threads of its own, {@code bulletin-<topic>}, which
 * reads and tells, and {@code bulletin-<topic>-writer}; its methods may be called on any thread and return at once.
 */
@NullMarked
package org.mediawiki.jobqueue.changeprop.bulletin;

import org.jspecify.annotations.NullMarked;
