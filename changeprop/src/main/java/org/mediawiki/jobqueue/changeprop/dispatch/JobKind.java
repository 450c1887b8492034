package org.mediawiki.jobqueue.changeprop.dispatch;

import org.mediawiki.jobqueue.changeprop.metrics.JobMeters;
import org.mediawiki.jobqueue.changeprop.topic.JobTopic;

/**
 * What all records of one topic have in common.
 *
 * @param retryTopic where its jobs go that failed
 */
record JobKind(JobTopic topic, String retryTopic, Rule rule, JobMeters meters) {}
