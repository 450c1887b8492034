package org.mediawiki.jobqueue.changeprop.fleet;

import java.time.Instant;
import java.util.List;

/**
 * An instance as it introduces itself.
 *
 * @param started when this run began, by its clock
 * @param version of the program
 * @param host the name of its machine
 * @param admin host and port of its admin server
 * @param lanes the lanes that it runs
 */
public record Instance(
        Identity identity, Instant started, String version, String host, String admin, List<String> lanes) {

    public Instance {
        lanes = List.copyOf(lanes);
    }
}
