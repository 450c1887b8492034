package org.mediawiki.jobqueue.changeprop.admin.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mediawiki.jobqueue.changeprop.dead.DeadJob;
import org.mediawiki.jobqueue.changeprop.dead.DeadJobId;

class DeadSummaryTest {

    @ParameterizedTest
    @CsvSource({"0, 0", "400, 400", "999, 999", "1000, other", "2147483647, other", "-1, other"})
    void statusesThatNoFilterCanNameShareOneCount(int status, String counted) {
        DeadJob job = new DeadJob(
                DeadJobId.parse("0-1").orElseThrow(), Instant.EPOCH, "a", "enwiki", "", "", "", status, "nonsense", 1);

        assertThat(DeadSummary.statusOf(job)).isEqualTo(counted);
    }
}
