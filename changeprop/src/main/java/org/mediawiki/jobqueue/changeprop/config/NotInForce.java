package org.mediawiki.jobqueue.changeprop.config;

import java.util.List;

/** Where this version does less than the configuration promises. It says so rather than pretend. */
public final class NotInForce {

    /** What holds today in the place of something stronger, a sentence each. */
    public static final List<String> LIMITATIONS = List.of(
            "Limits hold for the whole fleet, but while a job type moves to another pool, or instances have different"
                    + " configurations, a pool may have two owners for some seconds, each with the whole limit.");

    private NotInForce() {}
}
