package org.mediawiki.jobqueue.changeprop.event;

/** The chain of events that led to an attempt: the {@code x-triggered-by} header, in the legacy service's form. */
public final class TriggeredBy {

    private TriggeredBy() {}

    /** Of a job's first attempt. */
    public static String first(JobEvent job) {
        return "req:" + job.requestId() + "," + job.stream() + ":" + job.uri();
    }

    /** Of an attempt that a retry event asks for. */
    public static String retry(RetryEvent retry) {
        String before = retry.triggeredBy().isEmpty() ? first(retry.job()) : retry.triggeredBy();
        return before + "," + retry.stream() + ":" + retry.uri();
    }
}
