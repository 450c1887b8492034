package org.mediawiki.jobqueue.changeprop.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.mediawiki.jobqueue.changeprop.LogLines;

class StillRunningLogTest {

    private static final Attempts.Running TRANSCODE =
            new Attempts.Running(OpenJobs.any(), Instant.EPOCH, Duration.ofMinutes(90));

    @Test
    void namesEachJob() {
        assertThat(namesOf(StillRunningLog.MOST_NAMED))
                .hasSize(StillRunningLog.MOST_NAMED)
                .containsOnly("Still running: a of enwiki (request , id id), for PT1H30M");
    }

    @Test
    void ofTheRestItSaysHowMany() {
        assertThat(namesOf(StillRunningLog.MOST_NAMED + 3))
                .hasSize(StillRunningLog.MOST_NAMED + 1)
                .endsWith("Still running: 3 more");
    }

    @Test
    void saysNothingOfNobody() {
        assertThat(namesOf(0)).isEmpty();
    }

    private static List<String> namesOf(int count) {
        try (LogLines lines = LogLines.of(StillRunningLog.class)) {
            StillRunningLog.of(Collections.nCopies(count, TRANSCODE));
            return lines.warnings();
        }
    }
}
