package org.mediawiki.jobqueue.changeprop.fleet;

import java.util.Optional;
import org.mediawiki.jobqueue.changeprop.ledger.Ending;

/**
 * What an instance says of a record whose partition it has handed over, or lost, while its slot was open.
 *
 * @param author who has begun the job, and ends it
 * @param job empty where the record is no job and its error event is being written
 * @param ended how it ended; empty while it has not
 * @param lost whether the group had dropped the author before it said so: the partition may have had another owner by
 *     then, whose word counts more
 */
public record Note(Identity author, Optional<JobAtWork> job, Optional<Ending> ended, boolean lost) {

    Note endedAs(Ending how) {
        return new Note(author, job, Optional.of(how), lost);
    }
}
