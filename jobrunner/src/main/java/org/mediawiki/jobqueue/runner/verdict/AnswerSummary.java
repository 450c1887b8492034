package org.mediawiki.jobqueue.runner.verdict;

import org.mediawiki.jobqueue.runner.Answer;

/** Words an answer for people: its status, and in its own words why. */
final class AnswerSummary {

    private AnswerSummary() {}

    /** Returns one line such as {@code HTTP 500: Could not enqueue jobs}. */
    static String of(Answer answer) {
        String why = why(answer);
        return why.isEmpty() ? "HTTP " + answer.status() : "HTTP " + answer.status() + ": " + why;
    }

    private static String why(Answer answer) {
        String location = answer.headers().getOrDefault("location", "");
        if (answer.status() >= 300 && answer.status() < 400 && !location.isEmpty()) {
            return OneLine.of("redirect to " + location);
        }
        return OneLine.of(JsonBody.message(answer.body()).orElse(answer.body()));
    }
}
