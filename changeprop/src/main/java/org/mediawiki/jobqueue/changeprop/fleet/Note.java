package org.mediawiki.jobqueue.changeprop.fleet;

import java.util.Optional;
import org.mediawiki.jobqueue.changeprop.ledger.Ending;

/**
 * What an instance says of a record whose partition it has handed over while its slot was open.
 *
 * @param author who has begun the job, and ends it
 * @param job empty where the record is no job and its error event is being written
 * @param ended how it ended; empty while it has not
 */
public record Note(Identity author, Optional<JobAtWork> job, Optional<Ending> ended) {

    Note endedAs(Ending how) {
        return new Note(author, job, Optional.of(how));
    }
}
