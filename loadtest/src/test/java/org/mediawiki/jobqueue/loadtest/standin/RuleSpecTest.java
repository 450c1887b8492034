package org.mediawiki.jobqueue.loadtest.standin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mediawiki.jobqueue.loadtest.standin.Behaviour.ok;
import static org.mediawiki.jobqueue.loadtest.standin.Behaviour.status;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RuleSpecTest {

    private final RuleTable rules = new RuleTable();

    @Test
    void readsWhomAndWhatAndHowOften() {
        add("{'type': 't', 'wiki': 'enwiki', 'id': 'job', 'first_attempts': 2, 'times': 1, 'latency': '10ms-1s',"
                + " 'answer': '503', 'headers': {'retry-after': 5}, 'body': 'later'}");

        assertThat(answerTo("other")).isEqualTo(ok());
        assertThat(answerTo("t"))
                .isEqualTo(status(503)
                        .header("retry-after", "5")
                        .body("later")
                        .after(Latency.between(Duration.ofMillis(10), Duration.ofSeconds(1))));
        assertThat(answerTo("t")).isEqualTo(ok());
    }

    @Test
    void holdsForEveryoneAndForEverUnlessItSaysOtherwise() {
        add("{'answer': 'hang'}");

        assertThat(answerTo("a")).isEqualTo(Behaviour.hang().after(Duration.ZERO));
        assertThat(answerTo("b")).isEqualTo(Behaviour.hang().after(Duration.ZERO));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'unheard of': 1}",
                "{'answer': 'maybe'}",
                "{'answer': '199'}",
                "{'latency': '5 minutes'}",
                "{'latency': '2s-1s'}",
                "{'times': 'twice'}"
            })
    void refusesWhatHasNoMeaning(String json) {
        assertThatThrownBy(() -> add(json)).isInstanceOf(IllegalArgumentException.class);
    }

    private void add(String json) {
        RuleSpec.parse(new JsonObject(json.replace('\'', '"'))).addTo(rules);
    }

    private Behaviour answerTo(String type) {
        return rules.behaviourFor(new JobRequest(new EventFields(type, "enwiki", "job", "s"), 1, 10));
    }
}
