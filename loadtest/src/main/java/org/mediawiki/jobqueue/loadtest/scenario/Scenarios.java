package org.mediawiki.jobqueue.loadtest.scenario;

import java.util.List;

/** The scenarios that are shipped, and anybody's own. */
public final class Scenarios {

    /** In the order in which they are listed: what is asked most comes first. */
    private static final List<String> SHIPPED = List.of(
            "throughput",
            "throughput-http2",
            "throughput-one-wiki",
            "throughput-many-wikis",
            "quiet-neighbours",
            "utilisation-50",
            "utilisation-200",
            "utilisation-50-uneven",
            "utilisation-200-uneven",
            "utilisation-1000",
            "latency",
            "backlog-1m",
            "backlog-10m",
            "topics-10",
            "topics-100",
            "topics-1000",
            "topics-1000-long",
            "instances-1",
            "instances-2",
            "instances-3",
            "slots-1",
            "slots-2",
            "slots-3",
            "production",
            "fairness",
            "delayed",
            "million-waiting",
            "outage-503",
            "outage-refuse",
            "outage-reset",
            "outage-hang",
            "outage-slow",
            "read-only",
            "kill",
            "disconnect",
            "full-disk",
            "slow-disk",
            "clock-jump",
            "rolling-restart",
            "scale",
            "long-jobs",
            "big-payloads",
            "idle",
            "idle-production",
            "smoke");

    private Scenarios() {}

    /** The names of the shipped ones. */
    public static List<String> names() {
        return SHIPPED;
    }

    /**
     * A shipped scenario by its name, or one in a file.
     *
     * @throws IllegalArgumentException where there is none, or it is none; the message says where and why
     */
    public static Scenario named(String nameOrFile) {
        return SpecYaml.named("scenario", SHIPPED, nameOrFile, Scenario.class);
    }

    /** Reads a scenario; {@code name} is for messages. */
    static Scenario parse(String name, String text) {
        return SpecYaml.parse(name, text, Scenario.class);
    }
}
