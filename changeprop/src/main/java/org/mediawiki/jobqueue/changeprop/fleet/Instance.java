package org.mediawiki.jobqueue.changeprop.fleet;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * An instance as it introduces itself.
 *
 * @param started when this run began, by its clock
 * @param version of the program
 * @param host the name of its machine
 * @param admin host and port of its admin server, as others reach it
 * @param lanes the lanes that it runs
 */
public record Instance(
        Identity identity, Instant started, String version, String host, String admin, List<String> lanes) {

    public Instance {
        lanes = List.copyOf(lanes);
    }

    /** Where its admin server can be asked; empty where it does not say so in a way that can be understood. */
    public Optional<URI> adminUri() {
        try {
            return admin.isEmpty() ? Optional.empty() : Optional.of(new URI("http://" + admin));
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }
}
