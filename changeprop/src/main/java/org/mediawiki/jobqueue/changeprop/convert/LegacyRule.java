package org.mediawiki.jobqueue.changeprop.convert;

import java.net.URI;
import java.util.List;

/**
 * One rule of the legacy service.
 *
 * @param name its name: its group and its retry events carry it
 * @param path where it stands
 * @param role what it does
 * @param types the job types that it runs; of the one for everything else, those that it leaves alone
 * @param settings its limits
 * @param uri where it sends jobs
 */
record LegacyRule(String name, String path, Role role, List<String> types, RuleSettings settings, URI uri) {

    /** What a rule does. */
    enum Role {
        /** Runs the job types that it names. */
        NAMED,
        /** Runs what the partitioner has put into a topic with a partition for each section. */
        BY_SECTION,
        /** Runs every type but those that it names. */
        EVERYTHING_ELSE
    }

    LegacyRule {
        types = List.copyOf(types);
    }
}
