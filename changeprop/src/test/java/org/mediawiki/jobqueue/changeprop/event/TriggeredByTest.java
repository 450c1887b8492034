package org.mediawiki.jobqueue.changeprop.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class TriggeredByTest {

    private final JobEvent job = new JobEvent(
            "id",
            "mediawiki.job.x",
            "d",
            "https://u",
            "req",
            Instant.EPOCH,
            "enwiki",
            "x",
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    @Test
    void aFirstAttemptNamesTheRequestAndTheEvent() {
        assertThat(TriggeredBy.first(job)).isEqualTo("req:req,mediawiki.job.x:https://u");
    }

    @Test
    void aRetryAddsItselfToTheChain() {
        assertThat(TriggeredBy.retry(retry("req:req,mediawiki.job.x:https://u")))
                .isEqualTo("req:req,mediawiki.job.x:https://u,cpjobqueue.retry.mediawiki.job.x:https://r");
    }

    @Test
    void aRetryWithoutAChainBeginsOne() {
        assertThat(TriggeredBy.retry(retry("")))
                .isEqualTo("req:req,mediawiki.job.x:https://u,cpjobqueue.retry.mediawiki.job.x:https://r");
    }

    private RetryEvent retry(String triggeredBy) {
        return new RetryEvent(
                "cpjobqueue.retry.mediawiki.job.x",
                "https://r",
                Optional.empty(),
                triggeredBy,
                "cpjobqueue#x",
                1,
                OptionalInt.empty(),
                false,
                job,
                Buffer.buffer(),
                Buffer.buffer());
    }
}
