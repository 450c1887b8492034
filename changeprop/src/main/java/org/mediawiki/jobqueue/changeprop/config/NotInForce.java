package org.mediawiki.jobqueue.changeprop.config;

import java.util.List;

/** The keys that a configuration may have and that this version does not act upon yet. It says so rather than pretend. */
public final class NotInForce {

    /** As they stand in the file. */
    public static final List<String> KEYS =
            List.of("breaker", "dedupe", "intake", "kafka.mirror_legacy_offsets", "admin.token");

    private NotInForce() {}
}
