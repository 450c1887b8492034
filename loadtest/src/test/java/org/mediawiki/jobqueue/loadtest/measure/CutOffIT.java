package org.mediawiki.jobqueue.loadtest.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mediawiki.jobqueue.loadtest.report.Result;

/**
 * An instance that the brokers cannot hear, while its runners can, with hundreds of jobs in its hands: others may have them once
 * its session is over. Decision 12.
 */
final class CutOffIT {

    private static final String SCENARIO = """
            about: An instance with hundreds of jobs in its hands is cut off from the brokers for longer than a session.
            runner: {rules: [{latency: 200ms}]}
            dispatcher:
              jobs: {slow: {concurrency: 5}}
            load:
              - {types: [slow], backlog: 600}
              - {types: [slow], rate: 1/s, for: 18s}
            events:
              - {at: 3s, for: 14s, disconnect: 0}
            drain: 60s
            """;

    private static final int CUT = 3;
    private static final int SESSION = 6;
    private static final int MENDED = 17;

    @TempDir
    private Path folder;

    @Test
    void nothingStartsOnceOthersMayHaveIt() throws Exception {
        Result result = Trials.of("cut-off", SCENARIO, folder);

        assertThat(ended(result, CUT + 1, CUT + 4)).as("it goes on for a while").allMatch(ended -> ended > 0);
        assertThat(ended(result, CUT + SESSION, MENDED))
                .as("and then no more")
                .isNotEmpty()
                .containsOnly(0L);
        assertThat(result.checks()).filteredOn(check -> !check.held()).isEmpty();
        assertThat(Files.readString(folder.resolve("instance-0.log")))
                .contains("No job starts until the group accepts a commit");
    }

    /** How many jobs ended in each second. */
    private static List<Long> ended(Result result, int from, int to) {
        return result.seconds().stream()
                .filter(second -> second.at() >= from && second.at() < to)
                .map(Result.Second::ended)
                .toList();
    }
}
