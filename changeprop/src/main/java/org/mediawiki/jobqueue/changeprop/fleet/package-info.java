/**
 * What the instances tell each other, through a compacted topic that each reads whole: who is there, what runs still of
 * partitions that were handed over, and what each does, for those who cannot ask it.
 *
 * <pre>
 *   instance/&lt;name&gt;                          a heartbeat each second; gone when it has ended, or was silent for long
 *   state/&lt;name&gt;                             what it does, when that has changed and every five seconds; gone as well
 *   handover/&lt;topic&gt;/&lt;partition&gt;/&lt;offset&gt;    a note: the job runs, or how it ended
 * </pre>
 *
 * <p>{@code Roster} and {@code Notebook} are pure; {@link org.mediawiki.jobqueue.changeprop.fleet.Fleet} is the view that
 * everybody asks, on any thread; {@link org.mediawiki.jobqueue.changeprop.fleet.Notes} is what the poll loops need of it.
 */
@NullMarked
package org.mediawiki.jobqueue.changeprop.fleet;

import org.jspecify.annotations.NullMarked;
