package org.mediawiki.jobqueue.changeprop.dispatch;

import org.mediawiki.jobqueue.changeprop.metrics.JobMeters;
import org.mediawiki.jobqueue.changeprop.topic.JobTopic;

/**
 * What all records of one topic have in common. Its rule is the present one, also for jobs that came before it was
 * changed. Used on the lane's context.
 */
final class JobKind {

    private final JobTopic topic;
    private final String stream;
    private final String retryTopic;
    private Rule rule;
    private JobMeters meters;

    JobKind(JobTopic topic, String stream, String retryTopic, Rule rule, JobMeters meters) {
        this.topic = topic;
        this.stream = stream;
        this.retryTopic = retryTopic;
        this.rule = rule;
        this.meters = meters;
    }

    JobTopic topic() {
        return topic;
    }

    /** The stream that the jobs came from at first, also for their retry topic. */
    String stream() {
        return stream;
    }

    /** Where its jobs come back that failed or had to wait. */
    String retryTopic() {
        return retryTopic;
    }

    Rule rule() {
        return rule;
    }

    /** The meters of its type and rule. */
    JobMeters meters() {
        return meters;
    }

    void change(Rule nextRule, JobMeters nextMeters) {
        rule = nextRule;
        meters = nextMeters;
    }
}
