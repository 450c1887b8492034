package org.mediawiki.jobqueue.changeprop.topic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TopicsTest {

    private final Topics topics = new Topics("eqiad", "cpjobqueue");

    @ParameterizedTest
    @CsvSource({
        "eqiad.mediawiki.job.refreshLinks, refreshLinks, MAIN",
        "eqiad.mediawiki.job.a.b, a.b, MAIN",
        "eqiad.cpjobqueue.partitioned.mediawiki.job.refreshLinks, refreshLinks, PARTITIONED",
        "eqiad.cpjobqueue.retry.mediawiki.job.refreshLinks, refreshLinks, RETRY",
        "eqiad.cpjobqueue.retry.cpjobqueue.partitioned.mediawiki.job.refreshLinks, refreshLinks, PARTITIONED_RETRY",
    })
    void knowsWhatATopicHolds(String topic, String type, JobTopic.Kind kind) {
        assertThat(topics.parse(topic)).contains(new JobTopic(type, kind));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "eqiad.mediawiki.job.",
                "codfw.mediawiki.job.a",
                "eqiad.mediawiki.page-create",
                "eqiadxmediawiki.job.a",
                "eqiad.changeprop.retry.mediawiki.job.a",
                "eqiad.cpjobqueue.error",
                "eqiad.cpjobqueue.scheduled",
                "eqiad.cpjobqueue.control",
                "eqiad.cpjobqueue.fleet",
                "x.eqiad.mediawiki.job.a"
            })
    void otherTopicsHoldNoJobsOfOurs(String topic) {
        assertThat(topics.parse(topic)).isEmpty();
    }

    @Test
    void namesThatLookLikePatternsAreTakenAsTheyAre() {
        Topics odd = new Topics("dc.1", "q+");
        assertThat(odd.parse("dcx1.mediawiki.job.a")).isEmpty();
        assertThat(odd.parse(odd.retryTopicOf("dc.1.mediawiki.job.a")))
                .contains(new JobTopic("a", JobTopic.Kind.RETRY));
        assertThat(matches(odd.only(Set.of("a.b")), "dc.1.mediawiki.job.axb")).isFalse();
    }

    @Test
    void aLaneTakesAllTopicsOfItsTypesAndNoOthers() {
        Pattern only = topics.only(Set.of("a", "b"));
        Pattern others = topics.allBut(Set.of("a", "b"));
        for (String prefix : Set.of(
                "eqiad.",
                "eqiad.cpjobqueue.retry.",
                "eqiad.cpjobqueue.partitioned.",
                "eqiad.cpjobqueue.retry.cpjobqueue.partitioned.")) {
            for (String type : Set.of("a", "b", "ab", "c", "a.b")) {
                boolean own = type.equals("a") || type.equals("b");
                String topic = prefix + "mediawiki.job." + type;
                assertThat(matches(only, topic)).as(topic).isEqualTo(own);
                assertThat(matches(others, topic)).as(topic).isEqualTo(!own);
            }
        }
        assertThat(matches(topics.allBut(Set.of()), "eqiad.mediawiki.job.a")).isTrue();
        assertThat(matches(topics.allBut(Set.of()), "eqiad.cpjobqueue.error")).isFalse();
    }

    @Test
    void retriesOfRetriesStayInTheirTopic() {
        String retry = topics.retryTopicOf("eqiad.mediawiki.job.a");
        assertThat(retry).isEqualTo("eqiad.cpjobqueue.retry.mediawiki.job.a");
        assertThat(topics.retryTopicOf(retry)).isEqualTo(retry);
        String partitioned = topics.retryTopicOf("eqiad.cpjobqueue.partitioned.mediawiki.job.a");
        assertThat(partitioned).isEqualTo("eqiad.cpjobqueue.retry.cpjobqueue.partitioned.mediawiki.job.a");
        assertThat(topics.retryTopicOf(partitioned)).isEqualTo(partitioned);
    }

    @Test
    void knowsWhichTopicARetryTopicRetries() {
        assertThat(topics.retriedTopic("eqiad.cpjobqueue.retry.mediawiki.job.a"))
                .contains("eqiad.mediawiki.job.a");
        assertThat(topics.retriedTopic("eqiad.cpjobqueue.retry.cpjobqueue.partitioned.mediawiki.job.a"))
                .contains("eqiad.cpjobqueue.partitioned.mediawiki.job.a");
        assertThat(topics.retriedTopic("eqiad.mediawiki.job.a")).isEmpty();
    }

    @Test
    void ownTopicsAndGroupsBearTheServicesName() {
        assertThat(topics.errorTopic()).isEqualTo("eqiad.cpjobqueue.error");
        assertThat(topics.streamOf(topics.errorTopic())).isEqualTo(topics.errorStream());
        assertThat(topics.legacyGroup("low_traffic_jobs")).isEqualTo("cpjobqueue-low_traffic_jobs");
        assertThat(topics.emitterId("low_traffic_jobs")).isEqualTo("cpjobqueue#low_traffic_jobs");
    }

    private static boolean matches(Pattern pattern, String topic) {
        return pattern.matcher(topic).matches();
    }
}
