package org.mediawiki.jobqueue.changeprop.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.mediawiki.jobqueue.changeprop.config.load.ConfigurationLoader;
import org.mediawiki.jobqueue.runner.Answer;
import org.mediawiki.jobqueue.runner.Attempt.Answered;
import org.mediawiki.jobqueue.runner.FakeTime;
import org.mediawiki.jobqueue.runner.Verdict;
import org.mediawiki.jobqueue.runner.Verdict.Dead;
import org.mediawiki.jobqueue.runner.Verdict.Hold;

/** What a change of the configuration means for what the next answers mean. */
class LaneVerdictsTest {

    private static final String SUCCESS = "{\"status\":true,\"error\":null,\"timeMs\":7}";
    private static final String WIKI = "https://wiki.example/w/rest.php/eventbus/v0/internal/job/execute";

    private final LaneVerdicts verdicts = new LaneVerdicts(form(WIKI, "rest", "60s"), new FakeTime());

    @Test
    void whatTheTargetHasAcceptedIsKnownAfterAnotherConfiguration() {
        assertThat(judge(200, SUCCESS)).isInstanceOf(Verdict.Done.class);

        verdicts.follow(form(WIKI, "rest", "90s"));

        assertThat(judge(404, "")).as("this job is to blame").isInstanceOf(Dead.class);
        assertThat(((Hold) judge(423, "")).time()).isEqualTo(Duration.ofSeconds(90));
    }

    @Test
    void anotherTargetHasAcceptedNothing() {
        judge(200, SUCCESS);
        verdicts.follow(form(WIKI.replace("wiki.", "other."), "rest", "60s"));
        assertThat(judge(404, "")).isInstanceOf(Hold.class);
    }

    @Test
    void norHasOneThatIsSpokenToInAnotherWay() {
        judge(200, SUCCESS);
        verdicts.follow(form(WIKI, "rpc", "60s"));
        assertThat(judge(404, "")).isInstanceOf(Dead.class);
        verdicts.follow(form(WIKI, "rest", "60s"));
        assertThat(judge(404, "")).isInstanceOf(Hold.class);
    }

    private Verdict judge(int status, String body) {
        return verdicts.judge(new Answered(new Answer(status, Map.of(), body)));
    }

    private static LaneForm form(String uri, String protocol, String readonlyHold) {
        String yaml = """
                kafka: {bootstrap_servers: ['kafka:9092']}
                targets: {runner: {uri: '%s', protocol: %s}}
                readonly_hold: %s
                lanes: {main: {}}
                """.formatted(uri, protocol, readonlyHold);
        return new ConfigurationLoader(Map.of(), file -> true)
                .parse(yaml)
                .match(loaded -> new LaneForm(loaded.configuration(), "main"), refused -> {
                    throw new AssertionError(refused.problems().toString());
                });
    }
}
