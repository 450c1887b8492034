package org.mediawiki.jobqueue.changeprop.config.load;

import java.util.function.Consumer;

/** Finds one kind of mistake. Takes the document as it is: what has the wrong shape is another check's finding. */
interface Check {

    /** Tells of every mistake of its kind. */
    void check(Document document, Consumer<Problem> problems);
}
