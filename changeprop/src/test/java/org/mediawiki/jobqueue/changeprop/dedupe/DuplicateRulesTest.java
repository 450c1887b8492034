package org.mediawiki.jobqueue.changeprop.dedupe;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mediawiki.jobqueue.changeprop.event.JobEvent;
import org.mediawiki.jobqueue.changeprop.event.RootEvent;
import org.mediawiki.jobqueue.runner.FakeTime;

final class DuplicateRulesTest {

    /** Dates in milliseconds; a dash stands for what is not there. */
    @ParameterizedTest
    @CsvSource({
        // created, its root, done, last run of its sha1 started, newest root with a leaf done, what it is
        "5000, -, false, -, -, -",
        "5000, -, true, -, -, ID",
        "5000, 1000, true, 9000, 9000, ID",
        "5000, -, false, 6000, -, -",
        "5000, -, false, 6001, -, SHA1",
        "5000, -, false, 4000, -, -",
        "5000, 1000, false, 6001, 2000, SHA1",
        "5000, 1000, false, 2000, -, -",
        "5000, 1000, false, 2001, -, ROOT_OF_SHA1",
        "5000, 1000, false, 2001, 2000, ROOT_OF_SHA1",
        "5000, -, false, 2001, -, -",
        "5000, 1000, false, -, 999, -",
        "5000, 1000, false, -, 1000, -",
        "5000, 1000, false, -, 1001, ROOT",
        "5000, 1000, false, 1500, 1001, ROOT",
        "5000, -, false, -, 9000, -",
    })
    void judges(String created, String root, boolean isDone, String started, String newestRoot, String expected) {
        JobEvent job = TestJobs.job(
                "id", at(created).orElseThrow(), Optional.of("sha1"), at(root).map(at -> new RootEvent(at, "sig")));

        Optional<DuplicateOf> verdict = DuplicateRules.judge(job, new Remembered(isDone, at(started), at(newestRoot)));

        assertThat(verdict.map(Enum::name).orElse("-")).isEqualTo(expected);
    }

    @Test
    void survivesTheEarliestDateThatCanBeRead() {
        Instant earliest = Instant.parse("-1000000000-12-31T06:00:00Z");

        Optional<DuplicateOf> verdict = DuplicateRules.judge(
                TestJobs.hashed("id", FakeTime.START, "sha1"),
                new Remembered(false, Optional.of(earliest), Optional.empty()));

        assertThat(verdict).isEmpty();
    }

    private static Optional<Instant> at(String millis) {
        return millis.equals("-") ? Optional.empty() : Optional.of(FakeTime.START.plusMillis(Long.parseLong(millis)));
    }
}
