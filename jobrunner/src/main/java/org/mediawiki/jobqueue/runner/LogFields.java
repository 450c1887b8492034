package org.mediawiki.jobqueue.runner;

import java.util.HashMap;
import java.util.Map;
import org.slf4j.MDC;

/**
 * What a log line tells machines beside its text: {@code event.action} and fields with fixed names, so that one job can be
 * followed and one kind of line be counted. The names are those of Elastic Common Schema where it has one, else they
 * begin with {@code jobqueue.}; {@code docs/operations.md} lists them.
 */
public final class LogFields {

    private final Map<String, String> values = new HashMap<>();

    private LogFields() {}

    /** {@code action} names the kind of the line; it stays the same when its words change. */
    public static LogFields of(String action) {
        return new LogFields().with("event.action", action);
    }

    /** Whom the line is about; what the job does not have is left out. */
    public LogFields job(Job job) {
        return with("jobqueue.type", job.type())
                .with("jobqueue.wiki", job.wiki())
                .with("jobqueue.section", job.section())
                .with("http.request.id", job.requestId());
    }

    /** One more field; nothing where {@code value} is empty. */
    public LogFields with(String name, String value) {
        if (!value.isEmpty()) {
            values.put(name, value);
        }
        return this;
    }

    /** What {@code line} logs has these fields. */
    public void around(Runnable line) {
        values.forEach(MDC::put);
        try {
            line.run();
        } finally {
            values.keySet().forEach(MDC::remove);
        }
    }
}
