package org.mediawiki.jobqueue.changeprop.dispatch;

import java.util.HashMap;
import java.util.Map;
import org.mediawiki.jobqueue.changeprop.consume.PolledRecord;
import org.mediawiki.jobqueue.changeprop.metrics.JobMeters;
import org.mediawiki.jobqueue.changeprop.topic.JobTopic;
import org.mediawiki.jobqueue.changeprop.topic.Topics;

/** Knows what all records of a topic have in common; works it out once for each. Used on the lane's context. */
final class JobKinds {

    private final JobPipeline.Parts parts;
    private final Map<String, JobKind> kinds = new HashMap<>();

    JobKinds(JobPipeline.Parts parts) {
        this.parts = parts;
    }

    JobKind of(PolledRecord polled) {
        return kinds.computeIfAbsent(polled.record().topic(), topic -> kindOf(topic, polled.topic()));
    }

    /** The rules may be others from here on. */
    void refresh() {
        kinds.values().forEach(kind -> {
            Rule rule = ruleOf(kind.topic());
            kind.change(rule, metersOf(kind.topic(), rule, kind.stream()));
        });
    }

    private JobKind kindOf(String topic, JobTopic jobTopic) {
        Topics topics = parts.topics();
        Rule rule = ruleOf(jobTopic);
        String stream = topics.streamOf(topics.retriedTopic(topic).orElse(topic));
        return new JobKind(jobTopic, stream, topics.retryTopicOf(topic), rule, metersOf(jobTopic, rule, stream));
    }

    private Rule ruleOf(JobTopic topic) {
        return parts.ruleOf().apply(topic.type());
    }

    private JobMeters metersOf(JobTopic topic, Rule rule, String stream) {
        return parts.metersOf().of(topic.type(), rule.name(), stream);
    }
}
