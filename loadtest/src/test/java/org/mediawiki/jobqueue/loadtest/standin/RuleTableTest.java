package org.mediawiki.jobqueue.loadtest.standin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mediawiki.jobqueue.loadtest.standin.Behaviour.hang;
import static org.mediawiki.jobqueue.loadtest.standin.Behaviour.ok;
import static org.mediawiki.jobqueue.loadtest.standin.Behaviour.status;
import static org.mediawiki.jobqueue.loadtest.standin.JobMatch.any;
import static org.mediawiki.jobqueue.loadtest.standin.JobMatch.firstAttempts;
import static org.mediawiki.jobqueue.loadtest.standin.JobMatch.id;
import static org.mediawiki.jobqueue.loadtest.standin.JobMatch.largerThan;
import static org.mediawiki.jobqueue.loadtest.standin.JobMatch.type;
import static org.mediawiki.jobqueue.loadtest.standin.JobMatch.wiki;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class RuleTableTest {

    private final RuleTable rules = new RuleTable();

    @Test
    void everyJobSucceedsWhereThereIsNoRule() {
        assertThat(answerTo("cdnPurge", 1)).isEqualTo(ok());
    }

    @Test
    void theNewestRuleThatMatchesDecides() {
        rules.on(any()).answer(status(500));
        rules.on(type("cdnPurge")).answer(status(501));
        rules.on(wiki("dewiki")).answer(hang());

        assertThat(answerTo("cdnPurge", 1)).isEqualTo(status(501));
        assertThat(answerTo("refreshLinks", 1)).isEqualTo(status(500));
    }

    @Test
    void aRuleThatIsUsedUpLeavesItToTheOneBefore() {
        rules.on(any()).answer(status(500));
        rules.on(any()).answerTimes(2, status(503));

        assertThat(answerTo("t", 1)).isEqualTo(status(503));
        assertThat(answerTo("t", 2)).isEqualTo(status(503));
        assertThat(answerTo("t", 3)).isEqualTo(status(500));
    }

    @Test
    void aSequenceGivesItsAnswersInTurn() {
        rules.on(any())
                .answerTimes(1, status(503))
                .thenTimes(0, hang())
                .thenTimes(1, status(502))
                .then(ok());

        assertThat(answerTo("t", 1)).isEqualTo(status(503));
        assertThat(answerTo("t", 2)).isEqualTo(status(502));
        assertThat(answerTo("t", 3)).isEqualTo(ok());
        assertThat(answerTo("t", 4)).isEqualTo(ok());
    }

    @Test
    void matchesNarrowEachOther() {
        rules.on(type("t").and(firstAttempts(1)).and(id("job", "other")).and(largerThan(9)))
                .answer(hang());

        assertThat(answerTo("t", 1)).isEqualTo(hang());
        assertThat(answerTo("t", 2)).isEqualTo(ok());
        assertThat(answerTo("s", 1)).isEqualTo(ok());
    }

    @Test
    void clearingForgetsEveryRule() {
        rules.on(any()).answer(hang());
        rules.clear();

        assertThat(answerTo("t", 1)).isEqualTo(ok());
    }

    @Test
    void randomLatencyIsTheSameForTheSameSeedJobAndAttempt() {
        Latency latency = Latency.between(Duration.ofMillis(10), Duration.ofMillis(20));
        Duration drawn = latency.of(request("t", 1), 7);

        assertThat(latency.of(request("t", 1), 7)).isEqualTo(drawn);
        assertThat(latency.of(request("t", 2), 7)).isNotEqualTo(drawn);
        assertThat(drawn).isBetween(Duration.ofMillis(10), Duration.ofMillis(20));
    }

    private Behaviour answerTo(String type, int attempt) {
        return rules.behaviourFor(request(type, attempt));
    }

    private static JobRequest request(String type, int attempt) {
        return new JobRequest(new EventFields(type, "enwiki", "job", "mediawiki.job." + type), attempt, 10);
    }
}
