package org.mediawiki.jobqueue.loadtest.command;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** What every command takes that tries something. */
final class TrialOptions {

    @Option(
            names = "--output",
            paramLabel = "DIR",
            description = "Where result.json, report.html and the log go (default: ${DEFAULT-VALUE}).")
    private Path output = Path.of("loadtest-results");

    @Option(
            names = "--jvm-option",
            paramLabel = "OPTION",
            description = "For contenders that are Java programs, instead of what bin/jobqueue gives them;"
                    + " may be repeated (default: ${DEFAULT-VALUE}).")
    private List<String> jvmOptions =
            new ArrayList<>(List.of("-Xms24m", "-Xmx256m", "-XX:+UseSerialGC", "-XX:NewRatio=4"));

    @Option(names = "--keep", description = "Keep each trial's folder: Kafka's data, logs, configurations.")
    private boolean keep;

    Path output() {
        return output;
    }

    List<String> jvmOptions() {
        return jvmOptions;
    }

    boolean keep() {
        return keep;
    }
}
