package org.mediawiki.jobqueue.changeprop.cli.jobs;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** A knob of a job type that is set to a value, or reset. */
final class TypeKnob {

    @Parameters(index = "0", paramLabel = "TYPE", description = "The job type; low_traffic_jobs is the shared pool.")
    private String type = "";

    @Option(names = "--reset", description = "What the configuration says holds again.")
    private boolean reset;

    /** {@code value} is what was said; null: nothing. {@code question} asks for it. */
    int turn(Connection connection, KnobOptions how, String knob, @Nullable Object value, String question) {
        if (reset == (value != null)) {
            throw new ParameterException(connection.spec().commandLine(), question + ", or --reset");
        }
        String path = "types/" + ApiClient.part(type);
        return value == null ? how.reset(connection, path, knob) : how.set(connection, path, knob, value);
    }
}
