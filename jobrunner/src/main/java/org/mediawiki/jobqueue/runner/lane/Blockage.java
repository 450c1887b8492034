package org.mediawiki.jobqueue.runner.lane;

/** What keeps a task from starting although its type could go on. */
public enum Blockage {
    /** Its wiki is held: it is read-only, or only a probe may go there. */
    WIKI_HELD,
    /** As many jobs run on its wiki as may. */
    WIKI_FULL,
    /** As many jobs run on its database section as may. */
    SECTION_FULL
}
