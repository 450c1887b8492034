package org.mediawiki.jobqueue.changeprop.cli.jobs;

import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What can be paused: a job type, or a lane. */
final class Pausable {

    /** Its knob. */
    static final String KNOB = "paused";

    @Parameters(
            paramLabel = "NAME",
            description = {
                "The job type, or with --lane the lane. low_traffic_jobs is the shared pool;",
                "a type that shares it and is named alone leaves it for slots of its own."
            })
    private String name = "";

    @Option(names = "--lane", description = "A whole lane.")
    private boolean lane;

    /** Where the API has it. */
    String path() {
        return (lane ? "lanes/" : "types/") + ApiClient.part(name);
    }

    /** Whether an operator has paused it. */
    boolean isPaused(Connection connection) {
        return KnobOptions.present(connection, lane ? "lane" : "type", name, KNOB)
                .map(override -> override.path("value").asBoolean())
                .orElse(false);
    }
}
