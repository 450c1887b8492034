package org.mediawiki.jobqueue.loadtest.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mediawiki.jobqueue.loadtest.report.Result;

/**
 * A clock that goes a minute ahead and back, under jobs that last longer than a session: no commit tells the group that we
 * are there, and by the clock that it has seen, no heartbeat is due for a minute. Decision 22.
 */
final class ClockJumpIT {

    private static final String SCENARIO = """
            about: Jobs of 12 s; the clock goes a minute ahead and back.
            runner: {rules: [{latency: 20ms}, {type: long, latency: 12s}]}
            dispatcher:
              jobs: {long: {concurrency: 10}}
            load:
              - {types: [long], rate: 4/s, for: 2s}
              - {types: [delayed], rate: 5/s, after: 11s, for: 3s, delayed: 1, delay_up_to: 3s}
            events:
              - {at: 2s, for: 1100ms, clock: {instance: 0, by: 60s}}
            drain: 30s
            """;

    @TempDir
    private Path folder;

    @Test
    void whatRunsIsNotTakenForLostWhenTheClockIsPutBack() throws Exception {
        Result result = Trials.of("clock", SCENARIO, folder);

        assertThat(Files.readString(folder.resolve("instance-0.log"))).contains("The clock was put back by PT1M");
        assertThat(result.checks()).filteredOn(check -> !check.held()).isEmpty();
        assertThat(result.counts().repeated()).isZero();
    }
}
