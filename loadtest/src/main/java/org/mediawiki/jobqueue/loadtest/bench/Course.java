package org.mediawiki.jobqueue.loadtest.bench;

import java.net.URI;
import java.nio.file.Path;

/**
 * What a contender is given.
 *
 * @param dc the datacenter that prefixes the topic
 * @param type the type of all jobs
 * @param target where they are to be posted
 * @param caFile the authority to trust
 * @param limit the most requests at once
 */
record Course(String bootstrapServers, String dc, String type, URI target, Path caFile, int limit) {

    String topic() {
        return dc + ".mediawiki.job." + type;
    }
}
