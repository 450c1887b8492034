package org.mediawiki.jobqueue.runner.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mediawiki.jobqueue.runner.Answer;
import org.mediawiki.jobqueue.runner.Attempt.Answered;
import org.mediawiki.jobqueue.runner.Attempt.NotSent;
import org.mediawiki.jobqueue.runner.Verdict;
import org.mediawiki.jobqueue.runner.Verdict.Dead;
import org.mediawiki.jobqueue.runner.Verdict.Done;
import org.mediawiki.jobqueue.runner.Verdict.Hold;
import org.mediawiki.jobqueue.runner.Verdict.Retry;
import org.mediawiki.jobqueue.runner.Verdict.Scope;

/** The answers are those of the EventBus extension's {@code RunSingleJobHandler} and of MediaWiki's REST router. */
class RestVerdictsTest {

    private static final String SUCCESS = "{\"status\":true,\"error\":null,\"timeMs\":7}";

    private final RestVerdicts verdicts = new RestVerdicts(new Verdicts(
            Duration.ofSeconds(60), Duration.ofSeconds(1), InstantSource.fixed(Instant.parse("2026-11-25T12:00:00Z"))));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "301 | <h1>Moved</h1> | redirect",
                "401 | password please | password",
                "403 | {\"message\":\"Invalid mediawiki signature\",\"httpCode\":403} | $wgSecretKey",
                "403 | {\"errorKey\":\"rest-read-denied\",\"httpCode\":403} | docs/small-wiki.md",
                "404 | {\"errorKey\":\"rest-no-match\",\"httpCode\":404} | wfLoadExtension( 'EventBus' )"
            })
    void untilAJobWasAcceptedARefusalHoldsTheWikiAndSaysWhatToSet(int status, String body, String advice) {
        for (int answer = 0; answer < 50; answer++) {
            Hold hold = (Hold) judge(status, body);

            assertThat(hold.scope()).isEqualTo(Scope.WIKI);
            assertThat(hold.time()).isEqualTo(RestVerdicts.SETUP_HOLD);
            assertThat(hold.another()).as("another job tries next").isTrue();
            assertThat(hold.reason()).startsWith("HTTP " + status).contains(advice);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 401, 403, 404})
    void onceAJobWasAcceptedARefusalIsTheJobsOwnFault(int status) {
        judge(200, SUCCESS);

        assertThat(judge(status, "{\"message\":\"Invalid mediawiki signature\"}"))
                .isInstanceOf(Dead.class);
    }

    @Test
    void aChangeOfTheSecretKillsAFewJobsAndThenHolds() {
        judge(200, SUCCESS);
        for (int dead = 0; dead < RestVerdicts.TRUSTED_REFUSALS; dead++) {
            assertThat(judge(403, "")).isInstanceOf(Dead.class);
        }

        assertThat(judge(403, "")).isInstanceOf(Hold.class);
        judge(200, SUCCESS);
        assertThat(judge(403, "")).isInstanceOf(Dead.class);
    }

    @Test
    void anEndpointThatIsSwitchedOffHoldsAtAnyTime() {
        judge(200, SUCCESS);

        Hold hold = (Hold) judge(501, "{\"message\":\"Set $wgEventBusEnableRunJobAPI to true\",\"httpCode\":501}");

        assertThat(hold.scope()).isEqualTo(Scope.WIKI);
        assertThat(hold.reason()).contains("$wgEventBusEnableRunJobAPI = true;");
    }

    @Test
    void aPageThatGreetsEveryVisitorHasRunNoJob() {
        Verdict verdict = judge(200, "<!DOCTYPE html><title>Main Page</title>");

        assertThat(((Hold) verdict).reason()).contains("not the EventBus extension");
        assertThat(judge(403, "")).as("nor was anything accepted").isInstanceOf(Hold.class);
    }

    @Test
    void aReadOnlyWikiWaitsAsLongAsEverAndKeepsItsOrder() {
        Hold hold = (Hold) judge(423, "{\"message\":\"Wiki is in read-only mode.\",\"httpCode\":423}");

        assertThat(hold.time()).isEqualTo(Duration.ofSeconds(60));
        assertThat(hold.another()).isFalse();
        assertThat(hold.reason()).contains("Wiki is in read-only mode.").contains("$wgReadOnly");
    }

    @Test
    void everythingElseIsAsForTheOtherProtocol() {
        assertThat(judge(200, SUCCESS)).isEqualTo(new Done(200));
        assertThat(judge(400, "{\"message\":\"Invalid event received\"}")).isInstanceOf(Dead.class);
        assertThat(judge(500, "{}")).isInstanceOf(Retry.class);
        assertThat(verdicts.judge(new NotSent("refused")))
                .isEqualTo(new Hold(Scope.TARGET, Duration.ofSeconds(1), "refused"));
    }

    private Verdict judge(int status, String body) {
        return verdicts.judge(new Answered(new Answer(status, Map.of(), body)));
    }
}
