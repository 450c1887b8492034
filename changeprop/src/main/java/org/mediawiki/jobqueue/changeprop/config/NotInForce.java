package org.mediawiki.jobqueue.changeprop.config;

import java.util.List;

/** Where this version does less than the configuration promises. It says so rather than pretend. */
public final class NotInForce {

    /** What holds today in the place of something stronger, a sentence each. */
    public static final List<String> LIMITATIONS = List.of(
            "Limits hold for the whole fleet, but not yet for jobs that outlive their process, or drain_timeout, when others"
                    + " take over.");

    private NotInForce() {}
}
