package org.mediawiki.jobqueue.loadtest.scenario;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Random;

/** What may be the matter with the runner, some of it drawn at random. */
final class RunnerFaults {

    /** In which nobody is to blame but the job, so that it costs an attempt; two of them are lies (SPEC section 5). */
    private static final List<String> FAILURES = List.of("php-fatal", "php-fatal-page", "500", "reset");

    private static final List<String> ANSWERS_OF_A_PROXY = List.of("502", "504");

    private final Random random;

    RunnerFaults(Random random) {
        this.random = random;
    }

    /** This is what every job gets. */
    Disturbance answer(String answer) {
        return new Disturbance.Answer(rule().put("answer", answer));
    }

    /** What a proxy says whose runner is gone, or does not answer. */
    Disturbance answerOfAProxy() {
        return answer(drawn(ANSWERS_OF_A_PROXY));
    }

    /** Every job takes so long. */
    Disturbance slow(String latency) {
        return new Disturbance.Answer(rule().put("latency", latency));
    }

    /** All wikis are read-only, for all job types or for {@code type} alone. */
    Disturbance readOnly(String type) {
        ObjectNode rule = rule().put("answer", "readonly");
        return new Disturbance.Answer(random.nextBoolean() ? rule.put("type", type) : rule);
    }

    /** One attempt of each job fails, and no more, for a job has few of them. */
    Disturbance failureOfFirstAttempts() {
        return new Disturbance.Answer(rule().put("answer", drawn(FAILURES)).put("first_attempts", 1));
    }

    /** Every job is to come again in a second. */
    Disturbance tooManyRequests() {
        ObjectNode rule = rule().put("answer", "429");
        rule.putObject("headers").put("retry-after", "1");
        return new Disturbance.Answer(rule);
    }

    private String drawn(List<String> some) {
        return some.get(random.nextInt(some.size()));
    }

    private static ObjectNode rule() {
        return JsonNodeFactory.instance.objectNode();
    }
}
