package org.mediawiki.jobqueue.loadtest.dev;

import java.nio.file.Path;

/**
 * What {@code dev} was asked for.
 *
 * @param data where Kafka keeps its data, and the log is
 * @param runnerPort of the stand-in
 * @param adminPort of the service
 * @param intakePort of the service, for posts; 0 picks a free one
 * @param kafkaPort of the broker; 0 picks a free one
 * @param rate jobs per second; 0 or more
 */
record DevOptions(Path data, int runnerPort, int adminPort, int intakePort, int kafkaPort, double rate) {

    Path log() {
        return data.resolve("dev.log");
    }
}
