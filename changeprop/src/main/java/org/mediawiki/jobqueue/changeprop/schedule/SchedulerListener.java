package org.mediawiki.jobqueue.changeprop.schedule;

import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;

/**
 * Is told what the scheduler does, for metrics. Called on the scheduler's threads, before the transaction commits: what
 * is done again after a crash is told again.
 */
public interface SchedulerListener {

    /** Nobody listens. */
    SchedulerListener NONE = new SchedulerListener() {};

    /** Something was put to wait. */
    default void scheduled(String type, Reason reason) {}

    /** Something was released, {@code lateness} after it was due; or after an operator's order was read; negative only
     * where the clock was put back. */
    default void released(String type, Reason reason, Duration lateness) {}

    /** Something was dropped as an operator asked. */
    default void dropped(String type, Reason reason) {}

    /** Something went to the error topic: no destination takes it, it is too large. */
    default void refused(String type, Reason reason) {}

    /** A record of the scheduled topic was none of ours and went to the error topic. */
    default void unreadable() {}

    /** A life of the application has a producer; {@code metrics} is what it meters itself. Any thread may ask. */
    default void writesBy(Supplier<Map<MetricName, ? extends Metric>> metrics) {}

    /** The application stopped for a failure and starts again. */
    default void restarted() {}
}
