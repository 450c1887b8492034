package org.mediawiki.jobqueue.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.buffer.Buffer;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

class LogFieldsTest {

    private static final Job JOB = new Job("refreshLinks", "enwiki", "s1", "", "", "", Buffer.buffer());

    private final LogFields fields = LogFields.of("gave_up").job(JOB).with("jobqueue.id", "an id");

    @Test
    void tellWhatTheLineIsAbout() {
        fields.around(() -> assertThat(MDC.getCopyOfContextMap())
                .containsEntry("event.action", "gave_up")
                .containsEntry("jobqueue.type", "refreshLinks")
                .containsEntry("jobqueue.wiki", "enwiki")
                .containsEntry("jobqueue.id", "an id")
                .doesNotContainKey("http.request.id"));
    }

    @Test
    void areGoneWithTheLineAlsoWhereItThrows() {
        IllegalStateException bug = new IllegalStateException("on purpose");

        assertThatThrownBy(() -> fields.around(() -> {
                    throw bug;
                }))
                .isSameAs(bug);

        assertThat(MDC.getCopyOfContextMap()).isNullOrEmpty();
    }
}
