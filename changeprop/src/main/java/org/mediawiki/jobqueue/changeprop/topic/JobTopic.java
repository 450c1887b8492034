package org.mediawiki.jobqueue.changeprop.topic;

/**
 * A topic that holds jobs.
 *
 * @param type the job type; the topic's, not the event's, decides which limits apply
 * @param kind what its records are
 */
public record JobTopic(String type, Kind kind) {

    /** What the records of a topic are. */
    public enum Kind {
        /** Job events, from MediaWiki. */
        MAIN,
        /** Job events, from the legacy service's partitioner. */
        PARTITIONED,
        /** Retry events of jobs from the main topic. */
        RETRY,
        /** Retry events of jobs from the partitioned topic. */
        PARTITIONED_RETRY;

        /** Whether the records are retry events around a job event. */
        public boolean isRetry() {
            return this == RETRY || this == PARTITIONED_RETRY;
        }

        /** Whether the jobs have come through the legacy service's partitioner. */
        public boolean isPartitioned() {
            return this == PARTITIONED || this == PARTITIONED_RETRY;
        }
    }
}
