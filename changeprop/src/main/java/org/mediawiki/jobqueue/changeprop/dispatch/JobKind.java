package org.mediawiki.jobqueue.changeprop.dispatch;

import org.mediawiki.jobqueue.changeprop.metrics.JobMeters;
import org.mediawiki.jobqueue.changeprop.topic.JobTopic;

/**
 * What all records of one topic have in common.
 *
 * @param stream the stream that the jobs came from at first, also for their retry topic
 * @param retryTopic where its jobs come back that failed or had to wait
 */
record JobKind(JobTopic topic, String stream, String retryTopic, Rule rule, JobMeters meters) {}
