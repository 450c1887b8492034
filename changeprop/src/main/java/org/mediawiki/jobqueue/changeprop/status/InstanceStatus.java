package org.mediawiki.jobqueue.changeprop.status;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One process of the fleet.
 *
 * @param started when it began; null where it could not be asked
 * @param admin where its admin port is; null where it does not say
 * @param lanes that it runs
 * @param running attempts under way
 * @param troubles why it is not well or not ready; empty where it is
 */
public record InstanceStatus(
        String instance,
        String version,
        @Nullable Instant started,
        @Nullable URI admin,
        List<String> lanes,
        long running,
        List<String> troubles) {

    public InstanceStatus {
        lanes = List.copyOf(lanes);
        troubles = List.copyOf(troubles);
    }
}
