package org.mediawiki.jobqueue.changeprop.status;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One process of the fleet.
 *
 * @param started when it began; null where nothing is known of it
 * @param admin where its admin port is; null where it does not say
 * @param lanes that it runs
 * @param running attempts under way
 * @param troubles why it is not well or not ready, or not asked, and then how old the rest is; empty where all is well
 * @param notices what deserves a look though it is well, such as a configuration that was refused
 */
public record InstanceStatus(
        String instance,
        String version,
        @Nullable Instant started,
        @Nullable URI admin,
        List<String> lanes,
        long running,
        List<String> troubles,
        List<String> notices) {

    public InstanceStatus {
        lanes = List.copyOf(lanes);
        troubles = List.copyOf(troubles);
        notices = List.copyOf(notices);
    }
}
